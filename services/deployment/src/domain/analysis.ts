import type { Observing } from "./rollout.ts";

/** What the new version did during a step, summed over its replicas. */
export interface Answers {
  readonly requests: number;
  readonly errors: number;
  readonly latencyP99Ms?: number;
}

export interface Analysis extends Answers {
  readonly verdict: "passed" | "failed" | "inconclusive";
}

/** How well the new version predicted by the labels that are known already. */
export interface Quality {
  readonly metric: string;
  /** How much worse than expected, in the metric's unit; negative where it is better. */
  readonly drop: number;
  readonly labels: number;
  readonly maxDrop: number;
  readonly minLabels: number;
}

export interface Judgement {
  readonly analysis: Analysis;
  /** Why it failed, or what is still missing. */
  readonly reason: string;
}

/**
 * Judges the step of a rollout. Errors fail it as soon as the limit cannot be kept any more, even if every
 * answer still to come were right; latency is judged once there are enough answers to speak of. A canary
 * that gets no traffic stays inconclusive and waits: nothing is known of it, good or bad.
 */
export function judge(
  rollout: Observing,
  answers: Answers,
  quality: Quality | undefined,
  now: Date,
): Judgement {
  const { plan } = rollout;
  const step = plan.steps[rollout.step];
  const result = (verdict: Analysis["verdict"], reason: string): Judgement => ({
    analysis: { verdict, ...answers },
    reason,
  });
  if (step === undefined) return result("inconclusive", "there is no step to judge");

  const { requests, errors, latencyP99Ms } = answers;
  const expected = Math.max(requests, step.minRequests);
  if (errors > plan.maxErrorShare * expected) {
    return result(
      "failed",
      `${errors} of ${requests} requests failed: an error share above ${plan.maxErrorShare}`,
    );
  }
  if (quality !== undefined && quality.labels >= quality.minLabels && quality.drop > quality.maxDrop) {
    return result(
      "failed",
      `${quality.metric} is ${round(quality.drop)} worse than expected on ${quality.labels} labels: more than ${quality.maxDrop}`,
    );
  }
  if (requests < step.minRequests) {
    return result("inconclusive", `${requests} of ${step.minRequests} requests answered`);
  }
  if (latencyP99Ms !== undefined && latencyP99Ms > (plan.maxLatencyP99Ms ?? Number.POSITIVE_INFINITY)) {
    return result(
      "failed",
      `the 99th percentile of the latency is ${round(latencyP99Ms)} ms: above ${plan.maxLatencyP99Ms} ms`,
    );
  }
  if (now < observedLongEnoughAt(rollout)) {
    return result("inconclusive", `watched for less than ${step.minSeconds} s`);
  }
  return result("passed", "error share and latency are within the limits");
}

/** When a step has lasted as long as its plan demands. */
export function observedLongEnoughAt({ plan, step, since }: Observing): Date {
  return new Date(since.getTime() + (plan.steps[step]?.minSeconds ?? 0) * 1000);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
