import type { Transaction } from "@cascade/postgres";
import type { Change, Outcome } from "../domain/endpoint.ts";
import type { Rollout } from "../domain/rollout.ts";

/** Records what happened to an endpoint. Rollouts that ended come first: only one may be active. */
export function saveChange(
  tx: Transaction,
  { endpoint, outcomes }: Change,
  cause: { readonly eventId: string; readonly at: Date },
): void {
  const { pipeline } = endpoint;
  const ended = outcomes.flatMap((outcome) =>
    outcome.kind === "completed" || outcome.kind === "rolled-back" ? [outcome.rollout] : [],
  );
  for (const rollout of ended) upsertRollout(tx, pipeline, rollout);
  if (endpoint.rollout !== undefined) upsertRollout(tx, pipeline, endpoint.rollout);
  tx.send(
    `insert into endpoints (pipeline, revision, stable_version, stable_rollout_id, newest_promoted)
     values ($1, $2, $3, $4, $5)
     on conflict (pipeline) do update set revision = excluded.revision,
       stable_version = excluded.stable_version, stable_rollout_id = excluded.stable_rollout_id,
       newest_promoted = excluded.newest_promoted`,
    [
      pipeline,
      endpoint.revision,
      endpoint.stable?.version ?? null,
      endpoint.stable?.rollout.plan.rolloutId ?? null,
      endpoint.newestPromoted,
    ],
  );
  for (const outcome of outcomes) {
    if (outcome.kind === "assigned") insertAssignment(tx, pipeline, outcome, cause);
  }
  // Windows count for one revision only.
  tx.send("delete from step_windows where pipeline = $1 and revision < $2", [
    pipeline,
    endpoint.rollout?.revision ?? endpoint.revision + 1,
  ]);
}

function upsertRollout(tx: Transaction, pipeline: string, rollout: Rollout): void {
  const { plan, status } = rollout;
  const ended = status === "completed" || status === "rolled-back";
  tx.send(
    `insert into rollouts (rollout_id, pipeline, version, previous_version, status, state, started_at,
       ended_at, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (rollout_id) do update set status = excluded.status, state = excluded.state,
       ended_at = excluded.ended_at, reason = excluded.reason`,
    [
      plan.rolloutId,
      pipeline,
      plan.version,
      plan.previousVersion ?? null,
      status,
      JSON.stringify(rollout),
      plan.startedAt,
      ended ? rollout.endedAt : null,
      status === "rolled-back" ? rollout.reason : null,
    ],
  );
}

function insertAssignment(
  tx: Transaction,
  pipeline: string,
  { revision, rolloutId, traffic, reason }: Extract<Outcome, { kind: "assigned" }>,
  cause: { readonly eventId: string; readonly at: Date },
): void {
  tx.send(
    `insert into assignments (pipeline, revision, rollout_id, traffic, reason, event_id, assigned_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [pipeline, revision, rolloutId, JSON.stringify(traffic), reason, cause.eventId, cause.at],
  );
}
