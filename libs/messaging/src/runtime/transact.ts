import type { Transaction } from "@cascade/postgres";
import type { Consequences } from "./apply-event.ts";
import { type PlannedJobs, planJobs } from "./planned-jobs.ts";
import type { World } from "./world.ts";

/**
 * Runs a transaction that fills in what follows from it, and keeps that with it. Once it has committed, the
 * events are published, which nobody waits for, and the jobs begin.
 */
export async function transact<T>(
  world: World,
  work: (tx: Transaction, consequences: Consequences) => Promise<T>,
  afterCommit: () => void = () => {},
): Promise<T> {
  const consequences: Consequences = { outbox: [], jobs: [] };
  let planned: PlannedJobs | undefined;
  let result: T;
  try {
    result = await world.database.transaction(async (tx) => {
      const made = await work(tx, consequences);
      world.store.insertOutbox(tx, consequences.outbox, world.settings.publishClaimMs);
      planned = planJobs(world, tx, consequences.jobs);
      return made;
    });
  } catch (error) {
    planned?.abandon();
    throw error;
  }
  afterCommit();
  void world.relay.publish(consequences.outbox);
  await planned?.begin();
  return result;
}
