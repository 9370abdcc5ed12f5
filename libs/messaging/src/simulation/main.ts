import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { readCommandLine, wholeNumber } from "@cascade/testing/command-line";
import { makeSchedule } from "./make-schedule.ts";
import { type RunResult, runSchedule } from "./run-schedule.ts";
import { Schedule, type Step } from "./schedule.ts";
import { shrink } from "./shrink.ts";
import { simulate, type Totals } from "./simulate.ts";

const usage = `npm run chaos:sim [-- OPTIONS]

Plays the messaging runtime in simulated worlds: a seed decides what arrives, what fails, and who runs when. Every
world is compared with what had to come of its events. The first seed that fails is shrunk to its shortest form. Ends
with 1 where one has failed.

  --seeds N        how many worlds (default 2000)
  --seed S         the first seed, the next ones follow (default: drawn, and printed)
  --threads T      (default: one for each core)
  --schedule FILE  plays this schedule instead, as a failure prints it
  --help           this text
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "2000" },
      seed: { type: "string" },
      threads: { type: "string", default: String(availableParallelism()) },
      schedule: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    ...values,
    seeds: wholeNumber("--seeds", values.seeds, 1),
    threads: wholeNumber("--threads", values.threads, 1),
    seed:
      values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber("--seed", values.seed, 0),
  };
}

function printTotals({ schedules, happened, virtualMs, failedSeeds }: Totals, seconds: number): void {
  const perMinute = Math.round((schedules / seconds) * 60);
  const hours = (virtualMs / 3_600_000).toFixed(1);
  process.stdout.write(
    `${schedules} schedules in ${seconds.toFixed(1)} s (${perMinute} a minute), ${hours} h of simulated time\n`,
  );
  for (const [kind, times] of Object.entries(happened).sort(([, a], [, b]) => b - a)) {
    process.stdout.write(`${String(times).padStart(9)}  ${kind}\n`);
  }
  const which = failedSeeds.length === 0 ? "" : `: seeds ${failedSeeds.join(", ")}`;
  process.stdout.write(`${failedSeeds.length} with violations${which}\n`);
}

function printFailure(result: RunResult, schedule: Schedule): void {
  for (const violation of result.violations) process.stdout.write(`  violation: ${violation}\n`);
  for (const line of result.story) process.stdout.write(`  ${line}\n`);
  process.stdout.write(`  schedule: ${JSON.stringify(schedule)}\n`);
}

async function playAgain(file: string): Promise<void> {
  const schedule = Schedule.parse(JSON.parse(await readFile(file, "utf8")));
  const result = await runSchedule(schedule);
  printFailure(result, schedule);
  if (result.violations.length > 0) process.exitCode = 1;
  else process.stdout.write("no violation\n");
}

async function explain(seed: number): Promise<void> {
  process.stdout.write(`\nseed ${seed} fails; again with: npm run chaos:sim -- --seed ${seed} --seeds 1\n`);
  const drawn = makeSchedule(seed);
  const fails = async (steps: readonly Step[]) =>
    (await runSchedule({ ...drawn, steps: [...steps] })).violations.length > 0;
  const schedule = { ...drawn, steps: [...(await shrink(drawn.steps, fails))] };
  process.stdout.write(`its shortest form has ${schedule.steps.length} steps:\n`);
  printFailure(await runSchedule(schedule), schedule);
}

async function main(): Promise<void> {
  const options = readCommandLine(usage, readOptions);
  if (options === undefined) return;
  const { help, seeds, seed, threads, schedule } = options;
  if (help) {
    process.stdout.write(usage);
    return;
  }
  if (schedule !== undefined) return await playAgain(schedule);
  process.stdout.write(`seeds ${seed} to ${seed + seeds - 1}\n`);
  const startedAt = performance.now();
  const totals = await simulate({ from: seed, count: seeds, failuresMax: 10 }, threads);
  printTotals(totals, (performance.now() - startedAt) / 1000);
  const [failed] = totals.failedSeeds;
  if (failed === undefined) return;
  process.exitCode = 1;
  await explain(failed);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
