import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { oneOf, readCommandLine, wholeNumber } from "@cascade/testing/command-line";
import { type FaultKind, faultKinds } from "./faults/kinds.ts";
import { report, runLine, violationsOf } from "./report/report.ts";
import { type RunResult, runChaos } from "./run/run-chaos.ts";
import { longRun, shortRun } from "./settings.ts";

const usage = `npm run chaos [-- OPTIONS]

Starts the whole system with a process per service, uses it, breaks it at random, heals it, and then proves from its
tables, streams and artifacts that nothing was lost and nothing was doubled. Before that, it plays the messaging runtime
in simulated worlds (npm run chaos:sim). Ends with 1 where something was lost or doubled.

  --runs N          how many runs, each with a system of its own (default 1)
  --seed S          the first run's seed, the next ones follow (default: drawn, and printed)
  --faults K        faults of a run (default 8)
  --only KIND,...   only these faults: ${faultKinds.join(", ")}
  --short           smaller and shorter runs
  --worlds N        simulated worlds before the runs (default 100000, with --short none)
  --keep            keep the data of every run, not only of those that fail
  --json FILE       all results as JSON
  --help            this text
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "1" },
      seed: { type: "string" },
      faults: { type: "string" },
      only: { type: "string" },
      short: { type: "boolean", default: false },
      worlds: { type: "string" },
      keep: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const settings = values.short ? shortRun : longRun;
  return {
    ...values,
    runs: wholeNumber("--runs", values.runs, 1),
    worlds: wholeNumber("--worlds", values.worlds ?? (values.short ? "0" : "100000"), 0),
    seed:
      values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber("--seed", values.seed, 0),
    settings: {
      ...settings,
      faults: values.faults === undefined ? settings.faults : wholeNumber("--faults", values.faults, 0),
    },
    kinds: kindsOf(values.only),
    sameOptions: [
      ...(values.short ? [" --short"] : []),
      ...(values.faults === undefined ? [] : [` --faults ${values.faults}`]),
      ...(values.only === undefined ? [] : [` --only ${values.only}`]),
    ].join(""),
  };
}

function kindsOf(only: string | undefined): readonly FaultKind[] {
  if (only === undefined) return faultKinds;
  return only.split(",").map((name) => oneOf("--only", name, faultKinds));
}

async function newDirectory(seed: number): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), `cascade-chaos-${seed}-`)));
  // Where this runs as root, Postgres runs as somebody else who has to get through here.
  await chmod(directory, 0o711);
  return directory;
}

/** A run that hangs is a failure; whatever it has started ends with this process. */
const runLimitMs = 10 * 60_000;

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the run did not end within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const simulation = fileURLToPath(new URL("../../../libs/messaging/src/simulation/main.ts", import.meta.url));

/** Plays simulated worlds in a process of its own, which prints what came of them. */
async function simulate(worlds: number, seed: number): Promise<void> {
  const child = spawn(process.execPath, [simulation, "--seeds", String(worlds), "--seed", String(seed)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = readCommandLine(usage, readOptions);
  if (options === undefined) return;
  const { help, runs, seed, settings, kinds, keep, json, sameOptions, worlds } = options;
  if (help) {
    process.stdout.write(usage);
    return;
  }
  if (worlds > 0) await simulate(worlds, seed);
  const results: RunResult[] = [];
  for (let number = 1; number <= runs; number++) {
    const runSeed = seed + number - 1;
    const directory = await newDirectory(runSeed);
    process.stderr.write(`run ${number} of ${runs}, seed ${runSeed}, in ${directory}\n`);
    const result = await within(runLimitMs, runChaos({ seed: runSeed, directory, settings, kinds }));
    results.push(result);
    process.stderr.write(`${runLine(result, number)}\n`);
    const isGood = violationsOf(result).length === 0;
    if (isGood && !keep) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
  process.stdout.write(`${report(results, sameOptions)}\n`);
  if (json !== undefined) await writeFile(json, JSON.stringify(results, null, 2));
  if (results.some((result) => violationsOf(result).length > 0)) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
