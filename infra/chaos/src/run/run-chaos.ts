import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeadLetterRedriveRequestedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { randomFrom } from "@cascade/testing/random";
import { v7 as uuidv7 } from "uuid";
import { checkAll } from "../checks/check-all.ts";
import { haveConverged, newestAssignments } from "../checks/check-serving.ts";
import { findingsOf, type Verdict } from "../checks/verdict.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { readArtifacts } from "../evidence/read-artifacts.ts";
import { readLeftovers } from "../evidence/read-leftovers.ts";
import { readServing } from "../evidence/read-serving.ts";
import { readDurables, readStreams } from "../evidence/read-streams.ts";
import { readTables } from "../evidence/read-tables.ts";
import type { FaultRecord } from "../faults/fault.ts";
import { inflictFaults } from "../faults/inflict-faults.ts";
import type { FaultKind } from "../faults/kinds.ts";
import { planFaults } from "../faults/plan-faults.ts";
import { openJournal } from "../journal/journal.ts";
import { readJournal } from "../journal/read-journal.ts";
import { type Load, startLoad } from "../load/load.ts";
import { type Outside, openOutside } from "../load/outside.ts";
import type { RunSettings } from "../settings.ts";
import { openWorld, type World } from "../world/world.ts";
import {
  haveAllHandled,
  NotQuietError,
  openDeadLetters,
  untilPipelinesAreKnown,
  untilQuiet,
} from "./quiet.ts";
import { measureRecoveries, type Recovery } from "./recoveries.ts";

export interface RunOptions {
  readonly seed: number;
  readonly directory: string;
  readonly settings: RunSettings;
  readonly kinds: readonly FaultKind[];
}

export interface RunResult {
  readonly seed: number;
  readonly directory: string;
  readonly seconds: Readonly<Record<"start" | "storm" | "quiet" | "check", number>>;
  readonly faults: readonly FaultRecord[];
  readonly recoveries: readonly Recovery[];
  readonly operations: number;
  readonly events: number;
  /** Replicas that ended without being told to, crash points aside. */
  readonly exits: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** One run: start everything, load it, break it, heal it, wait until it is quiet, stop it and judge what is left. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { seed, directory, settings, kinds } = options;
  const random = randomFrom(seed);
  const clock = stopwatch();
  await using world = await openWorld(directory, settings);
  await using outside = await openOutside(world.stack);
  const journalPath = join(directory, "journal.jsonl");
  const journal = await openJournal(journalPath);
  const load = await startLoad({ world, outside, journal, random, settings });
  // Data for a pipeline that nobody has applied are refused: that is an answer, and not what is tested here.
  await load.submitAll();
  await untilPipelinesAreKnown(world.stack.postgresAdminUrl, settings.pipelines.length);
  load.begin();
  const start = clock();

  const plan = planFaults({
    random: random.fork("faults"),
    faults: settings.faults,
    stormMs: settings.stormMs,
    kinds,
    replicas: world.replicas().map(({ replica }) => replica),
  });
  await writeFile(join(directory, "plan.json"), JSON.stringify(plan, null, 2));
  const faults = await inflictFaults(world, load, plan);
  await world.allUp();
  await untilAllWork(world, load);
  const storm = clock();

  const calm = await calmDown(world, outside, load, settings);
  await journal[Symbol.asyncDispose]();
  const quiet = clock();

  const evidence: Evidence = {
    journal: await readJournal(journalPath),
    faults,
    tables: await readTables(world.stack.postgresAdminUrl),
    messages: await readStreams(outside.connection),
    durables: await readDurables(outside.overseer),
    artifacts: await readArtifacts(join(world.stack.directory, "artifacts")),
    serving: calm.serving,
    leftovers: await readLeftovers(world.stack.directory, world.stack.postgresAdminUrl, world.processes),
  };
  const verdicts = [...checkAll(evidence), calm.verdict];
  const result: RunResult = {
    seed,
    directory,
    faults,
    recoveries: measureRecoveries(evidence),
    operations: evidence.journal.length,
    events: evidence.messages.length,
    exits: world.exits
      .filter(({ reason }) => !reason.includes("SIGKILL"))
      .map(({ replica, reason }) => `${replica} ${reason}`),
    verdicts,
    seconds: { start, storm, quiet, check: clock() },
  };
  await writeFile(join(directory, "result.json"), JSON.stringify(result, null, 2));
  return result;
}

const workLimitMs = 30_000;

/** The load goes on until every service has worked again, so that each recovery is measured by work that was there. */
async function untilAllWork(world: World, load: Load): Promise<void> {
  const since = Date.now();
  await eventually(
    async () => load.answeredAt() > since && (await haveAllHandled(world.stack.postgresAdminUrl, since)),
    { describe: "every service to work again", timeoutMs: workLimitMs, intervalMs: 100 },
    // Whatever does not work by then has to become quiet all the same, or is told as a violation.
  ).catch((error: Error) => world.say(error.message));
}

/**
 * After the storm: one more batch for each pipeline, which must go all the way; then nothing may be left to do. What
 * was set aside is redriven, as an operator would, and serving is asked before everything is stopped in good order.
 */
async function calmDown(world: World, outside: Outside, load: Load, settings: RunSettings) {
  const { find, violations } = findingsOf("quiet");
  const quiet = () =>
    untilQuiet({
      adminUrl: world.stack.postgresAdminUrl,
      connection: outside.overseer,
      limitMs: settings.quietLimitMs,
      onUnfinished: (unfinished) => world.say(`left to do: ${unfinished.join("; ") || "nothing"}`),
    });
  let serving: Awaited<ReturnType<typeof readServing>> = [];
  let redriven = 0;
  try {
    await load.submitAll();
    await load.stop();
    for (const pipeline of settings.pipelines) await load.arriveSurely(pipeline);
    await quiet();
    redriven = await redriveAll(world, outside);
    if (redriven > 0) await quiet();
    serving = await askServing(world, load);
    const replicas = world.replicas().filter(({ name }) => name === "serving");
    for (const { replica } of replicas) await world.terminate(replica);
    await quiet();
  } catch (error) {
    if (!(error instanceof NotQuietError)) throw error;
    find("NOT_QUIET", error.message, error.unfinished);
  }
  await Promise.all(world.replicas().map(({ replica }) => world.terminate(replica)));
  return {
    serving,
    verdict: { invariant: "quiet", title: "all work comes to its end", counted: { redriven }, violations },
  };
}

const convergeLimitMs = 10_000;

/** One replica starts anew, so that it is seen what a starting one reads; then all get their time to converge. */
async function askServing(world: World, load: Load) {
  const servingReplicas = () => world.replicas().filter(({ name }) => name === "serving");
  const first = servingReplicas()[0]?.replica ?? "";
  await world.terminate(first);
  await world.bringBack(first);
  const tables = await readTables(world.stack.postgresAdminUrl);
  const assignments = newestAssignments(tables.deployment.assignments ?? []);
  await eventually(async () => haveConverged(await readServing(servingReplicas()), assignments), {
    describe: "all replicas to serve what is assigned",
    timeoutMs: convergeLimitMs,
  }).catch(() => world.say("the replicas have not converged in time; the checker says which"));
  return readServing(servingReplicas(), load.askOnce);
}

async function redriveAll(world: World, outside: Outside): Promise<number> {
  const letters = await openDeadLetters(world.stack.postgresAdminUrl);
  for (const { service, deadLetterId, pipeline } of letters) {
    const event = DeadLetterRedriveRequestedV1.create(pipeline, { service, deadLetterId, by: "chaos" });
    await outside.publish({ id: uuidv7(), event });
  }
  return letters.length;
}

/** Seconds since it was asked last. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return Number(seconds.toFixed(1));
  };
}
