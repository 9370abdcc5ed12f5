import type { Analysis } from "./analysis.ts";
import type { ActiveRollout, Completed, RolledBack, RolloutPlan, Traffic } from "./rollout.ts";

/** The version that has all traffic, and the rollout that brought it. */
export interface Stable {
  readonly version: number;
  readonly rollout: Completed;
}

export interface Endpoint {
  readonly pipeline: string;
  /** 0 before the first assignment. */
  readonly revision: number;
  readonly stable: Stable | undefined;
  /** The highest version that was promoted: versions rise, so that a lower one is old news. */
  readonly newestPromoted: number;
  readonly rollout: ActiveRollout | undefined;
}

export function newEndpoint(pipeline: string): Endpoint {
  return { pipeline, revision: 0, stable: undefined, newestPromoted: 0, rollout: undefined };
}

/** What happened to an endpoint, in the order in which it is told. */
export type Outcome =
  | { readonly kind: "started"; readonly plan: RolloutPlan }
  | {
      readonly kind: "assigned";
      readonly revision: number;
      readonly rolloutId: string;
      readonly traffic: Traffic;
      readonly reason: string;
    }
  | {
      readonly kind: "advanced";
      readonly plan: RolloutPlan;
      readonly step: number;
      readonly weightPercent: number;
      readonly analysis: Analysis;
    }
  | { readonly kind: "completed"; readonly rollout: Completed; readonly replicas: readonly string[] }
  | { readonly kind: "rolled-back"; readonly rollout: RolledBack; readonly analysis: Analysis | undefined };

/** An endpoint as it is from now on, and what is to be told of it. */
export interface Change {
  readonly endpoint: Endpoint;
  readonly outcomes: readonly Outcome[];
}

/** Assigns traffic under the next revision. */
export function assign(
  endpoint: Endpoint,
  rolloutId: string,
  traffic: Traffic,
  reason: string,
): { readonly revision: number; readonly outcome: Outcome } {
  const revision = endpoint.revision + 1;
  return { revision, outcome: { kind: "assigned", revision, rolloutId, traffic, reason } };
}
