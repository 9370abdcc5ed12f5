import { PipelineAppliedV1, PipelineRefusedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findPipelineInForce, insertPipelineVersion } from "../adapters/pipelines.ts";
import { applyPipeline } from "../domain/apply-pipeline.ts";
import { readPipelineFile } from "../domain/pipeline-file/read-pipeline-file.ts";

export const applyOnPipelineSubmitted = reaction({
  name: "apply-on-pipeline-submitted",
  on: PipelineSubmittedV1,
  emits: [PipelineAppliedV1, PipelineRefusedV1],

  load: async ({ pipeline, data }, tx) => {
    const file = readPipelineFile(data.text, pipeline);
    const name = file.status === "valid" ? file.spec.pipeline : pipeline;
    return { file, inForce: await findPipelineInForce(tx, name) };
  },

  decide({ pipeline, data, id, correlationId }, { file, inForce, now }) {
    const { text, fileName, by } = data;
    if (file.status === "refused") {
      const problems = [...file.problems];
      return {
        events: [
          PipelineRefusedV1.create(pipeline, { problems, ...(fileName === undefined ? {} : { fileName }) }),
        ],
      };
    }
    const applied = applyPipeline(file.spec, inForce);
    const { version, spec, digest, modelChanged } = applied;
    return {
      applied,
      submission: { text, fileName, by, eventId: id, correlationId, at: now },
      events: [PipelineAppliedV1.create(spec.pipeline, { version, spec, digest, modelChanged, by })],
    };
  },

  record: (decision, tx) => {
    if (!("applied" in decision) || decision.applied === undefined || !decision.applied.isNew) return;
    insertPipelineVersion(tx, decision.applied, decision.submission);
  },
});
