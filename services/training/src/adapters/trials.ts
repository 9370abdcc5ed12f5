import type { Database } from "@cascade/postgres";
import { Trial } from "../domain/search/trial.ts";

/** The trials of searches, kept one by one as they end. */
export interface TrialLog {
  read(runId: string): Promise<Trial[]>;
  insert(runId: string, trial: Trial): Promise<void>;
}

export function openTrialLog(database: Database): TrialLog {
  return {
    async read(runId) {
      const { rows } = await database.query<{ trial: unknown }>(
        "select trial from trials where run_id = $1 order by number",
        [runId],
      );
      return rows.map(({ trial }) => Trial.parse(trial));
    },
    // One that another worker has made in the meantime is the same: all that a trial does is decided by its
    // number and the trials before it.
    async insert(runId, trial) {
      await database.query(
        `insert into trials (run_id, number, parameters, outcome, value, metrics, trial)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [
          runId,
          trial.number,
          JSON.stringify(trial.parameters),
          trial.outcome,
          trial.value ?? null,
          trial.metrics === undefined ? null : JSON.stringify(trial.metrics),
          JSON.stringify(trial),
        ],
      );
    },
  };
}
