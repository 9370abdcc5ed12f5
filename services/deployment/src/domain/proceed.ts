import { type Answers, judge, observedLongEnoughAt, type Quality } from "./analysis.ts";
import { assign, type Change, type Endpoint } from "./endpoint.ts";
import { type Crew, crewAt, type Replica } from "./replicas.ts";
import { rollBack } from "./roll-back.ts";
import {
  type Completed,
  deadlineOf,
  isLastMove,
  type Loading,
  type Observing,
  trafficAt,
} from "./rollout.ts";

/** What is known when a rollout is looked at. */
export interface View {
  readonly replicas: readonly Replica[];
  /** How long a replica that was heard of counts as live. */
  readonly replicaLiveMs: number;
  readonly answers: Answers;
  readonly quality: Quality | undefined;
  readonly now: Date;
}

/**
 * Takes the rollout of an endpoint as far as it can go by what is known now. Everything that may move a
 * rollout on, a replica, a window, the clock, asks the same question, so that their order does not matter.
 */
export function proceed(endpoint: Endpoint, view: View): Change {
  const { rollout } = endpoint;
  switch (rollout?.status) {
    case undefined:
      return { endpoint, outcomes: [] };
    case "loading":
      return load(endpoint, rollout, view);
    case "observing":
      return observe(endpoint, rollout, view);
    default:
      return rollout satisfies never;
  }
}

function load(endpoint: Endpoint, rollout: Loading, view: View): Change {
  const { now, replicas, replicaLiveMs } = view;
  const crew = crewAt(replicas, rollout.revision, now, replicaLiveMs);
  if (crew.ready.length > 0 && crew.waitedFor.length === 0) {
    return isLastMove(rollout) ? complete(endpoint, rollout, crew, now) : watch(endpoint, rollout, view);
  }
  // Without any live replica nothing can be said of the version: whoever comes up loads what is assigned.
  if (now < deadlineOf(rollout) || crew.waitedFor.length === 0) return { endpoint, outcomes: [] };
  const names = crew.waitedFor.slice(0, 10).join(", ");
  const reason = `not ready within ${rollout.plan.replicaTimeoutMs / 1000} s: ${names}`;
  return rollBack(endpoint, rollout, { reason, now });
}

function complete(endpoint: Endpoint, { plan }: Loading, crew: Crew, now: Date): Change {
  const rollout: Completed = { status: "completed", plan, endedAt: now };
  return {
    endpoint: { ...endpoint, stable: { version: plan.version, rollout }, rollout: undefined },
    outcomes: [{ kind: "completed", rollout, replicas: crew.ready }],
  };
}

function watch(endpoint: Endpoint, rollout: Loading, view: View): Change {
  const observing: Observing = { ...rollout, status: "observing", since: view.now };
  return observe({ ...endpoint, rollout: observing }, observing, view);
}

function observe(endpoint: Endpoint, rollout: Observing, view: View): Change {
  const { now } = view;
  const { analysis, reason } = judge(rollout, view.answers, view.quality, now);
  switch (analysis.verdict) {
    case "inconclusive":
      return { endpoint, outcomes: [] };
    case "failed":
      return rollBack(endpoint, rollout, { reason, analysis, now });
    case "passed": {
      const { plan } = rollout;
      const step = rollout.step + 1;
      const { revision, outcome } = assign(endpoint, plan.rolloutId, trafficAt(plan, step), reason);
      const next: Loading = { status: "loading", plan, step, revision, since: now };
      return {
        endpoint: { ...endpoint, revision, rollout: next },
        outcomes: [
          {
            kind: "advanced",
            plan,
            step: rollout.step + 1,
            weightPercent: plan.steps[step]?.weightPercent ?? 100,
            analysis,
          },
          outcome,
        ],
      };
    }
    default:
      return analysis.verdict satisfies never;
  }
}

/** When to look again even if nothing is heard; undefined where only news can move the rollout on. */
export function nextLook({ rollout }: Endpoint, view: View): Date | undefined {
  switch (rollout?.status) {
    case undefined:
      return undefined;
    case "loading": {
      const crew = crewAt(view.replicas, rollout.revision, view.now, view.replicaLiveMs);
      const deadline = deadlineOf(rollout);
      const moments = [crew.nextLapse, deadline].filter((at) => at !== undefined && at > view.now);
      // After the deadline a replica that is not live yet may still come up slowly: it has its own limit.
      return moments.toSorted((a, b) => Number(a) - Number(b))[0];
    }
    case "observing": {
      const at = observedLongEnoughAt(rollout);
      return at > view.now ? at : undefined;
    }
    default:
      return rollout satisfies never;
  }
}
