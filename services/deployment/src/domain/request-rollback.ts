import { assign, type Change, type Endpoint, type Stable } from "./endpoint.ts";
import { rollBack, rolledBack } from "./roll-back.ts";

export interface RollbackRequest {
  readonly by: string;
  readonly reason: string;
  /** What had all traffic before the version that has it now. */
  readonly before: Stable | undefined;
  readonly now: Date;
}

/** A person wants the version before: the rollout in progress is given up, or the last one is undone. */
export function requestRollback(
  endpoint: Endpoint,
  { by, reason: wish, before, now }: RollbackRequest,
): Change | { readonly ignored: string } {
  const reason = `requested by ${by}: ${wish}`.slice(0, 8000);
  if (endpoint.rollout !== undefined) return rollBack(endpoint, endpoint.rollout, { reason, now });
  if (endpoint.stable === undefined || before === undefined) return { ignored: "NO_VERSION_BEFORE" };

  const { rollout } = endpoint.stable;
  const traffic = [{ version: before.version, weightPercent: 100 }];
  const { revision, outcome } = assign(endpoint, rollout.plan.rolloutId, traffic, reason);
  return {
    endpoint: { ...endpoint, revision, stable: before },
    outcomes: [outcome, rolledBack(rollout, { reason, now })],
  };
}
