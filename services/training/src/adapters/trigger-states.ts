import { TrainingSet, Trigger } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";
import type { AppliedPipeline, TriggerState, Wish } from "../domain/trigger-state.ts";
import { holdQueue } from "./run-queue.ts";

const StoredSnapshot = z.object({
  snapshotId: z.string(),
  trainingSet: TrainingSet,
  outdated: z.boolean().default(false),
});

const StoredWish = z.object({
  trigger: Trigger,
  reason: z.enum([
    "TRIGGER_OFF",
    "TOO_FEW_NEW_ROWS",
    "NO_TRAINING_SET",
    "NO_PIPELINE",
    "COOLDOWN",
    "BUDGET_SPENT",
    "RUN_IN_PROGRESS",
    "SUPERSEDED",
    "DEBOUNCE",
  ]),
  until: z.iso.datetime().optional(),
});

const StoredOwnRuns = z.partialRecord(
  Trigger.shape.kind,
  z.object({
    cooldownFrom: z.coerce.date().optional(),
    budget: z.object({ day: z.string(), runs: z.number() }),
  }),
);

interface StateRow {
  readonly version: number | null;
  readonly spec: Omit<AppliedPipeline, "version"> | null;
  readonly snapshot: unknown;
  readonly new_rows: number;
  readonly rows_enough_at: Date | null;
  readonly rows_newest_at: Date | null;
  readonly by_trigger: unknown;
  readonly running_run_id: string | null;
  readonly last_started_at: Date | null;
  readonly last_finished_at: Date | null;
  readonly cooldown_from: Date | null;
  readonly budget_day: string | null;
  readonly runs_on_day: number;
  readonly wish: unknown;
  readonly under_way: number;
  readonly queued: number;
  readonly runs_max: number;
}

const stateOfPipeline = `
  select p.version, p.spec, s.snapshot, s.new_rows, s.rows_enough_at, s.rows_newest_at, s.by_trigger,
    s.running_run_id, s.last_started_at, s.last_finished_at, s.cooldown_from, s.budget_day::text as budget_day,
    s.runs_on_day, s.wish, r.under_way, r.queued, l.runs_max
  from trigger_states s left join pipelines p using (pipeline)
  cross join run_limit l
  cross join lateral (
    select count(*) filter (where status = 'running')::integer as under_way,
      count(*) filter (where status = 'queued')::integer as queued
    from runs where status in ('queued', 'running')) r
  where s.pipeline = $1`;

/** Reads what the policy knows about a pipeline, and holds that and the queue until the transaction ends. */
export async function loadTriggerState(tx: Transaction, pipeline: string): Promise<TriggerState> {
  holdQueue(tx);
  tx.send("insert into trigger_states (pipeline) values ($1) on conflict do nothing", [pipeline]);
  const { rows } = await tx.query<StateRow>(`${stateOfPipeline} for update of s`, [pipeline]);
  const row = rows[0];
  if (row === undefined) throw new Error(`The trigger state of ${pipeline} has vanished; trying again.`);
  return readState(row);
}

/** The same for who only looks; undefined where training has never heard of the pipeline. */
export async function readTriggerState(tx: Tx, pipeline: string): Promise<TriggerState | undefined> {
  const { rows } = await tx.query<StateRow>(stateOfPipeline, [pipeline]);
  return rows[0] && readState(rows[0]);
}

function readState(row: StateRow): TriggerState {
  return {
    pipeline: row.version === null || row.spec === null ? undefined : { ...row.spec, version: row.version },
    snapshot: row.snapshot === null ? undefined : StoredSnapshot.parse(row.snapshot),
    newRows: row.new_rows,
    rowsEnoughAt: row.rows_enough_at ?? undefined,
    rowsNewestAt: row.rows_newest_at ?? undefined,
    byTrigger: StoredOwnRuns.parse(row.by_trigger),
    runningRunId: row.running_run_id ?? undefined,
    lastStartedAt: row.last_started_at ?? undefined,
    lastFinishedAt: row.last_finished_at ?? undefined,
    cooldownFrom: row.cooldown_from ?? undefined,
    budget: { day: row.budget_day ?? "", runs: row.runs_on_day },
    wish: row.wish === null ? undefined : readWish(row.wish),
    runs: { underWay: row.under_way, queued: row.queued, max: row.runs_max },
  };
}

export function saveTriggerState(tx: Transaction, pipeline: string, state: TriggerState): void {
  tx.send(
    `update trigger_states set snapshot = $2, new_rows = $3, running_run_id = $4, last_started_at = $5,
       last_finished_at = $6, cooldown_from = $7, budget_day = $8, runs_on_day = $9, wish = $10, rows_enough_at = $11,
       rows_newest_at = $12, by_trigger = $13
     where pipeline = $1`,
    [
      pipeline,
      state.snapshot === undefined ? null : JSON.stringify(state.snapshot),
      state.newRows,
      state.runningRunId ?? null,
      state.lastStartedAt ?? null,
      state.lastFinishedAt ?? null,
      state.cooldownFrom ?? null,
      state.budget.day === "" ? null : state.budget.day,
      state.budget.runs,
      state.wish === undefined ? null : JSON.stringify(state.wish),
      state.rowsEnoughAt ?? null,
      state.rowsNewestAt ?? null,
      JSON.stringify(state.byTrigger),
    ],
  );
}

/** The version of a pipeline that is in force. */
export async function findPipeline(tx: Tx, pipeline: string): Promise<AppliedPipeline | undefined> {
  const { rows } = await tx.query<{ version: number; spec: Omit<AppliedPipeline, "version"> }>(
    "select version, spec from pipelines where pipeline = $1",
    [pipeline],
  );
  return rows[0] && { ...rows[0].spec, version: rows[0].version };
}

/** Keeps a version of a pipeline unless a newer one is there already. */
export function savePipeline(tx: Transaction, pipeline: string, applied: AppliedPipeline): void {
  const { version, ...spec } = applied;
  tx.send(
    `insert into pipelines (pipeline, version, spec) values ($1, $2, $3)
     on conflict (pipeline) do update set version = excluded.version, spec = excluded.spec
     where pipelines.version < excluded.version`,
    [pipeline, version, JSON.stringify(spec)],
  );
}

function readWish(stored: unknown): Wish {
  const { trigger, reason, until } = StoredWish.parse(stored);
  return { trigger, reason, ...(until === undefined ? {} : { until: new Date(until) }) };
}
