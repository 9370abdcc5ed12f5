import { assign, type Change, type Endpoint, type Outcome } from "./endpoint.ts";
import { rolledBack } from "./roll-back.ts";
import { type DeploymentSettings, type Loading, type RolloutPlan, trafficAt } from "./rollout.ts";

export interface Promotion {
  readonly version: number;
  readonly settings: DeploymentSettings;
  readonly rolloutId: string;
  readonly now: Date;
}

/**
 * Starts the rollout of a promoted version. A rollout that is still on its way ends as superseded, and the
 * new one starts from the version that served before both. Returns a reason where there is nothing to do.
 */
export function promote(endpoint: Endpoint, promotion: Promotion): Change | { readonly ignored: string } {
  const { version, rolloutId, now } = promotion;
  if (endpoint.rollout?.plan.version === version) return { ignored: "ROLLOUT_IN_PROGRESS" };
  if (endpoint.rollout === undefined && endpoint.stable?.version === version) {
    return { ignored: "VERSION_HAS_ALL_TRAFFIC" };
  }
  // Versions rise. A lower one is promoted again only after a rollback, which moved the traffic already, or
  // it is an old event that was delivered late.
  if (version <= endpoint.newestPromoted) return { ignored: "NEWER_VERSION_WAS_PROMOTED" };

  const plan = planOf(endpoint, promotion);
  const superseded: Outcome[] =
    endpoint.rollout === undefined
      ? []
      : [rolledBack(endpoint.rollout, { reason: `superseded by version ${version}`, now })];
  const { revision, outcome } = assign(
    endpoint,
    rolloutId,
    trafficAt(plan, 0),
    `version ${version} was promoted`,
  );
  const rollout: Loading = { status: "loading", plan, step: 0, revision, since: now };
  return {
    endpoint: { ...endpoint, revision, newestPromoted: version, rollout },
    outcomes: [...superseded, { kind: "started", plan }, outcome],
  };
}

/** The first version takes all traffic at once: there is nothing to compare it with, or to return to. */
function planOf(endpoint: Endpoint, { version, settings, rolloutId, now }: Promotion): RolloutPlan {
  const previousVersion = endpoint.stable?.version;
  const canary = settings.strategy === "canary" && previousVersion !== undefined;
  const { maxErrorShare, maxLatencyP99Ms } = settings.analysis;
  return {
    rolloutId,
    version,
    ...(previousVersion === undefined ? {} : { previousVersion }),
    strategy: canary ? "canary" : "direct",
    steps: canary ? (settings.steps ?? []) : [],
    maxErrorShare,
    ...(maxLatencyP99Ms === undefined ? {} : { maxLatencyP99Ms }),
    replicaTimeoutMs: settings.replicaTimeoutSeconds * 1000,
    startedAt: now,
  };
}
