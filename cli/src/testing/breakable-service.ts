import { pathToFileURL } from "node:url";
import { DatasetIngestedV1, DatasetRejectedV1, PipelineAppliedV1 } from "@cascade/contracts";
import { Reject, reaction } from "@cascade/messaging";
import { type AnyService, defineService } from "@cascade/service-kit";

/**
 * A service with the table of reactions of validation. What it does for a dataset is an event, so that a doubled
 * effect shows; for the pipelines in `broken` it does nothing but fail.
 */
export function breakableService(broken: ReadonlySet<string>, directory: string): AnyService {
  return defineService({
    name: "validation",
    settings: {},
    // It keeps nothing of its own.
    migrations: pathToFileURL(`${directory}/`),
    reactions: [
      reaction({
        name: "validate-on-dataset-ingested",
        on: DatasetIngestedV1,
        emits: [DatasetRejectedV1],
        gather: async ({ pipeline }) => {
          if (broken.has(pipeline)) throw new Reject("BROKEN", `the code is wrong for ${pipeline}`);
          return {};
        },
        decide: ({ pipeline, data }) => ({
          events: [
            DatasetRejectedV1.create(pipeline, {
              ...DatasetRejectedV1.example,
              datasetVersion: data.datasetVersion,
            }),
          ],
        }),
      }),
      reaction({
        name: "keep-demands-on-pipeline-applied",
        on: PipelineAppliedV1,
        emits: [],
        decide: () => ({}),
      }),
    ],
    open: async () => ({}),
  });
}
