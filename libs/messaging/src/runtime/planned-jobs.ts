import type { Tx } from "@cascade/postgres";
import type { JobRow } from "../store/jobs.ts";
import type { Slot } from "./job-worker.ts";
import type { World } from "./world.ts";

/** Jobs that a transaction plans, until it is known whether it has committed. */
export interface PlannedJobs {
  /** After the commit: begins those for which a slot was free, and has the others looked for. */
  begin(): Promise<void>;
  /** After a rollback. */
  abandon(): void;
}

/**
 * Writes planned jobs. One that is due, and for which this process has a free slot, is claimed as it is
 * written: a claim of its own would be one more transaction between an event and the work on it.
 */
export function planJobs(world: World, tx: Tx, rows: readonly JobRow[]): PlannedJobs {
  const slots = new Map<string, Slot>();
  const planned = rows.map((row) => {
    const slot = row.notBefore === undefined ? world.workers.get(row.name)?.reserve() : undefined;
    if (slot === undefined) return row;
    slots.set(row.jobId, slot);
    return { ...row, leaseMs: slot.leaseMs };
  });
  const inserted = world.store.insertJobs(tx, planned);
  // Awaited after the commit, which does not succeed without it; until then nobody's unhandled rejection.
  inserted.catch(() => {});
  return {
    begin: async () => {
      const isNew = await inserted;
      for (const { leaseMs: _, notBefore: __, ...row } of planned) {
        const slot = slots.get(row.jobId);
        if (slot === undefined) world.workers.get(row.name)?.wake();
        else if (isNew.has(row.jobId)) slot.begin({ ...row, attempt: 1, fence: 1 });
        else slot.release();
      }
    },
    abandon: () => {
      for (const slot of slots.values()) slot.release();
    },
  };
}
