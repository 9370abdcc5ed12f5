import type { PipelineSpec, RolloutStep } from "@cascade/contracts";

export type DeploymentSettings = PipelineSpec["deployment"];

/** Which share of an endpoint's requests a version answers. */
interface Share {
  readonly version: number;
  readonly weightPercent: number;
}
export type Traffic = readonly Share[];

/** What a rollout is to do; fixed when it starts, so that a changed pipeline does not change it half-way. */
export interface RolloutPlan {
  readonly rolloutId: string;
  readonly version: number;
  /** What serves if the rollout is given up; absent where nothing has served yet. */
  readonly previousVersion?: number;
  readonly strategy: "direct" | "canary";
  /** The steps before all traffic moves; empty for a direct rollout. */
  readonly steps: readonly RolloutStep[];
  readonly maxErrorShare: number;
  readonly maxLatencyP99Ms?: number;
  readonly replicaTimeoutMs: number;
  readonly startedAt: Date;
}

interface Progress {
  readonly plan: RolloutPlan;
  /** Index into the plan's steps; their number stands for the last move, to all traffic. */
  readonly step: number;
  readonly revision: number;
  readonly since: Date;
}

/** Replicas are loading what was assigned. */
export interface Loading extends Progress {
  readonly status: "loading";
}

/** Every live replica serves the assignment; the new version's answers are being judged. */
export interface Observing extends Progress {
  readonly status: "observing";
}

export interface Completed {
  readonly status: "completed";
  readonly plan: RolloutPlan;
  readonly endedAt: Date;
}

export interface RolledBack {
  readonly status: "rolled-back";
  readonly plan: RolloutPlan;
  readonly endedAt: Date;
  readonly reason: string;
}

export type ActiveRollout = Loading | Observing;
export type Rollout = ActiveRollout | Completed | RolledBack;

export function isLastMove({ plan, step }: ActiveRollout): boolean {
  return step >= plan.steps.length;
}

/** How traffic is shared at a step: the new version's weight, and the rest for the one before. */
export function trafficAt(plan: RolloutPlan, step: number): Traffic {
  const weightPercent = plan.steps[step]?.weightPercent ?? 100;
  const share = { version: plan.version, weightPercent };
  if (plan.previousVersion === undefined || step >= plan.steps.length) return [share];
  // A version with no weight left stays loaded until the rollout is over, ready for the way back.
  return [{ version: plan.previousVersion, weightPercent: 100 - weightPercent }, share];
}

export function deadlineOf({ plan, since }: ActiveRollout): Date {
  return new Date(since.getTime() + plan.replicaTimeoutMs);
}
