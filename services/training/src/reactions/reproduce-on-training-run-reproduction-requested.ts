import { TrainingRunReproductionFailedV1, TrainingRunReproductionRequestedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findKnownRun } from "../adapters/decision-log.ts";
import { decideReproduction } from "../domain/reproduce-run.ts";
import { reproduceRun } from "../jobs/reproduce-run.ts";

export const reproduceOnTrainingRunReproductionRequested = reaction({
  name: "reproduce-on-training-run-reproduction-requested",
  on: TrainingRunReproductionRequestedV1,
  emits: [TrainingRunReproductionFailedV1],

  load: async ({ pipeline, data: { runId } }, tx) => ({ run: await findKnownRun(tx, pipeline, runId) }),

  decide({ id, pipeline, data: { runId, by } }, { run }) {
    const decision = decideReproduction(runId, pipeline, by, run);
    if (decision.kind === "repeat") {
      // Under an id of its own: in a cluster, two who repeat one run at once would share a Job and its folder.
      const plan = { ...decision.reproduction.plan, runId: id };
      return { jobs: [reproduceRun.plan({ ...decision.reproduction, plan }, { key: id })] };
    }
    const { problem } = decision;
    return {
      events: [TrainingRunReproductionFailedV1.create(pipeline, { runId, by, problem, differences: [] })],
    };
  },
});
