import { EvaluationFailedV1, EvaluationPassedV1 } from "@cascade/contracts";
import { type JobContext, job, type PlannedJob } from "@cascade/messaging";
import { evaluate } from "../adapters/evaluate.ts";
import { type EndedEvaluation, endEvaluation, findChampion } from "../adapters/tables.ts";
import type { Deps } from "../deps.ts";
import { EvaluationPlan } from "../domain/plan-evaluation.ts";
import { hasPassed, type Verdict, whatToDo } from "../domain/verdict.ts";

const name = "evaluate-candidate";
const minute = 60_000;
const postponedMax = 100;

type VerdictEvent = ReturnType<typeof verdictEvent>;

interface Concluded {
  readonly events?: readonly VerdictEvent[];
  readonly jobs?: readonly PlannedJob[];
  /** Absent where the evaluation is to be done again. */
  readonly ended?: Omit<EndedEvaluation, "championVersion">;
}

/**
 * Judges one candidate. What is wrong with a model is a failed gate; where the infrastructure fails instead,
 * nothing can be said about the model, so the evaluation is put off and never turned into a verdict.
 */
export const evaluateCandidate = job({
  name,
  payload: EvaluationPlan,
  emits: [EvaluationPassedV1, EvaluationFailedV1],
  settings: { timeoutMs: 60 * minute, attempts: 5 },

  run: (plan, deps: Deps, context: JobContext) => evaluate(plan, deps, context),

  load: async ({ pipeline }, tx) => ({ champion: await findChampion(tx, pipeline) }),

  finish({ pipeline, payload, result }, { champion, now, newId }): Concluded {
    if (champion !== undefined && champion.version !== payload.champion?.version) {
      // Another version was promoted meanwhile: that is the one to beat.
      return { jobs: [planned({ ...payload, champion }, newId())] };
    }
    const event = verdictEvent(pipeline, payload, result);
    const status = event.type === EvaluationPassedV1.type ? "passed" : "failed";
    return { events: [event], ended: { status, finishedAt: now, verdict: result } };
  },

  fail({ payload }, { now, newId }): Concluded {
    if (payload.postponed >= postponedMax) {
      return { ended: { status: "abandoned", finishedAt: now } };
    }
    const notBefore = new Date(now.getTime() + 10 * minute);
    return { jobs: [{ ...planned({ ...payload, postponed: payload.postponed + 1 }, newId()), notBefore }] };
  },

  record: ({ ended }, tx, { payload }) => {
    if (ended === undefined) return;
    const championVersion = payload.champion?.version;
    endEvaluation(tx, payload.evaluationId, {
      ...ended,
      ...(championVersion === undefined ? {} : { championVersion }),
    });
  },
});

function planned(payload: EvaluationPlan, key: string): PlannedJob {
  return { job: name, payload, key };
}

function verdictEvent(pipeline: string, plan: EvaluationPlan, verdict: Verdict) {
  const { evaluationId, primaryMetric, run } = plan;
  const { runId, candidate, trainingSet, trainer, codeDigest, parameters, seed, trigger } = run;
  const { metrics, champion, report, reference } = verdict;
  const gates = [...verdict.gates];
  const common = {
    evaluationId,
    runId,
    candidate,
    trainingSet,
    primaryMetric,
    metrics,
    gates,
    report,
    ...(champion === undefined ? {} : { champion }),
  };
  if (reference === undefined || !hasPassed(gates)) {
    return EvaluationFailedV1.create(pipeline, { ...common, whatToDo: whatToDo(gates) });
  }
  const lineage = { trainer, codeDigest, parameters, seed, trigger };
  return EvaluationPassedV1.create(pipeline, { ...common, reference, lineage });
}
