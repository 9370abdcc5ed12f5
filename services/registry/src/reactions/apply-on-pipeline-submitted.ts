import { PipelineAppliedV1, PipelineRefusedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { checkExpressions } from "../adapters/check-expressions.ts";
import { findPipelineInForce, insertPipelineVersion } from "../adapters/pipelines.ts";
import type { Deps } from "../deps.ts";
import { applyPipeline } from "../domain/apply-pipeline.ts";
import { nameOfUnnamed, readPipelineFile } from "../domain/pipeline-file/read-pipeline-file.ts";

export const applyOnPipelineSubmitted = reaction({
  name: "apply-on-pipeline-submitted",
  on: PipelineSubmittedV1,
  emits: [PipelineAppliedV1, PipelineRefusedV1],

  gather: async ({ pipeline, data }, { tabular }: Deps, { signal }) => {
    const file = readPipelineFile(data.text, pipeline);
    if (file.status === "refused") return { file };
    const mistakes = await checkExpressions(file.spec, tabular, signal);
    return { file: mistakes.length === 0 ? file : file.refuse(mistakes) };
  },

  load: async ({ pipeline, data }, tx) => ({
    inForce: await findPipelineInForce(tx, nameIn(data.text, pipeline)),
  }),

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

/** A file is only valid under its own name, or where its sender could not read that. */
function nameIn(text: string, submittedAs: string): string {
  if (submittedAs !== nameOfUnnamed) return submittedAs;
  const file = readPipelineFile(text, submittedAs);
  return file.status === "valid" ? file.spec.pipeline : submittedAs;
}
