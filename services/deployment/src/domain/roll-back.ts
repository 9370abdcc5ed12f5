import type { Analysis } from "./analysis.ts";
import { assign, type Change, type Endpoint, type Outcome } from "./endpoint.ts";
import type { ActiveRollout, RolledBack } from "./rollout.ts";

/** Gives up the rollout in progress: the version before it takes all traffic again, or nothing does. */
export function rollBack(
  endpoint: Endpoint,
  rollout: ActiveRollout,
  why: { readonly reason: string; readonly analysis?: Analysis; readonly now: Date },
): Change {
  const { plan } = rollout;
  const traffic =
    plan.previousVersion === undefined ? [] : [{ version: plan.previousVersion, weightPercent: 100 }];
  const { revision, outcome } = assign(endpoint, plan.rolloutId, traffic, why.reason);
  return {
    endpoint: { ...endpoint, revision, rollout: undefined },
    outcomes: [outcome, rolledBack(rollout, why)],
  };
}

export function rolledBack(
  { plan }: Pick<ActiveRollout, "plan">,
  { reason, analysis, now }: { reason: string; analysis?: Analysis; now: Date },
): Outcome {
  const rollout: RolledBack = { status: "rolled-back", plan, endedAt: now, reason };
  return { kind: "rolled-back", rollout, analysis };
}
