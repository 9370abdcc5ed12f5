import { TrainingRunReproducedV1, TrainingRunReproductionFailedV1 } from "@cascade/contracts";
import { describeError, type JobContext, job } from "@cascade/messaging";
import { executeRun } from "../adapters/execute-run.ts";
import type { Deps } from "../deps.ts";
import { differencesOf, Reproduction } from "../domain/reproduce-run.ts";
import { infrastructureProblem, reproductionProblems } from "../errors.ts";

const hour = 3_600_000;

/** Repeats a run for a person who asks whether it can be: nothing that it makes goes on, and no trigger minds it. */
export const reproduceRun = job({
  name: "reproduce-run",
  payload: Reproduction,
  emits: [TrainingRunReproducedV1, TrainingRunReproductionFailedV1],
  settings: { timeoutMs: 26 * hour, attempts: 3 },

  run: ({ plan }, deps: Deps, context: JobContext) => executeRun(plan, deps, context),

  finish({ pipeline, payload: { runId, by, made }, result }) {
    if (result.outcome === "failed") {
      const { problem, log } = result;
      const told = { runId, by, problem, differences: [], ...(log === undefined ? {} : { log }) };
      return { events: [TrainingRunReproductionFailedV1.create(pipeline, told)] };
    }
    const { model, codeDigest, metrics, log, durationMs } = result;
    const differences = differencesOf(made, { model, codeDigest, metrics }).slice(0, 100);
    if (differences.length > 0) {
      const problem = reproductionProblems.differs(differences);
      return {
        events: [TrainingRunReproductionFailedV1.create(pipeline, { runId, by, problem, differences, log })],
      };
    }
    const told = { runId, by, modelDigest: model.digest, codeDigest, metrics: { ...metrics }, durationMs };
    return { events: [TrainingRunReproducedV1.create(pipeline, told)] };
  },

  fail({ pipeline, payload: { runId, by }, error }) {
    const problem = infrastructureProblem(describeError(error));
    return {
      events: [TrainingRunReproductionFailedV1.create(pipeline, { runId, by, problem, differences: [] })],
    };
  },
});
