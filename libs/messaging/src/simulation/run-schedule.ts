import { unfinished, violations } from "./check-world.ts";
import { redriveRequest } from "./load-event.ts";
import type { Schedule, Step } from "./schedule.ts";
import { healedAtMs, openSimWorld, type SimWorld } from "./sim-world.ts";

export interface RunResult {
  /** Empty where all is as it has to be. */
  readonly violations: readonly string[];
  readonly story: readonly string[];
  /** How often each kind of step has come to pass. */
  readonly happened: ReadonlyMap<Step["kind"], number>;
  /** Virtual time until everything had come to rest. */
  readonly restedAtMs: number;
}

const lookMs = 1000;
/** Long enough for every lease, acknowledgement and check to come once more. */
const watchMs = 12_000;
const restLimitMs = 180_000;

/** Plays a schedule to its end, lets the world heal, redrives what was mended, and compares it with what was wanted. */
export async function runSchedule(schedule: Schedule): Promise<RunResult> {
  const world = openSimWorld(schedule);
  await world.scheduler.runUntil(healedAtMs);
  const left = await rest(world);
  if (left.length > 0) return end(world, [`did not come to rest: ${left.slice(0, 5).join("; ")}`]);
  if (await redriveTwice(world)) {
    const leftAgain = await rest(world);
    if (leftAgain.length > 0) {
      return end(world, [`did not come to rest after a redrive: ${leftAgain.slice(0, 5).join("; ")}`]);
    }
  }
  return end(world, violations(world));
}

function end(world: SimWorld, found: readonly string[]): RunResult {
  return {
    violations: found,
    story: world.story,
    happened: world.happened,
    restedAtMs: world.scheduler.now(),
  };
}

/** Runs until nothing is left to do, and nothing comes up again. */
async function rest(world: SimWorld): Promise<string[]> {
  const { scheduler } = world;
  const limit = scheduler.now() + restLimitMs;
  let left: string[] = [];
  while (scheduler.now() < limit) {
    await scheduler.runUntil(scheduler.now() + lookMs);
    left = unfinished(world);
    if (left.length > 0) continue;
    await scheduler.runUntil(scheduler.now() + watchMs);
    left = unfinished(world);
    if (left.length === 0) return [];
  }
  return left;
}

async function redriveTwice(world: SimWorld): Promise<boolean> {
  const letters = [...world.database.tables.letters.values()].filter(
    ({ reason, status }) => reason === "attempts-exhausted" && status === "open",
  );
  world.mend();
  for (const { deadLetterId } of letters) {
    for (const time of ["first", "second"])
      world.broker.put(redriveRequest(`${time} ${deadLetterId}`, deadLetterId));
  }
  return letters.length > 0;
}
