import type { Change, Endpoint } from "./endpoint.ts";
import { rollBack } from "./roll-back.ts";

export interface ReplicaFailure {
  readonly replica: string;
  readonly version: number;
  readonly problem: { readonly code: string; readonly message: string };
}

/** A replica that cannot load the new version ends its rollout: what fails on one will fail on others. */
export function failReplica(endpoint: Endpoint, failure: ReplicaFailure, now: Date): Change {
  const { rollout } = endpoint;
  // Trouble with the version before is no fault of the new one; the replica is waited for until the limit.
  if (rollout === undefined || rollout.plan.version !== failure.version) return { endpoint, outcomes: [] };
  const { replica, problem } = failure;
  const reason = `${replica} could not load it: ${problem.message} (${problem.code})`.slice(0, 8000);
  return rollBack(endpoint, rollout, { reason, now });
}
