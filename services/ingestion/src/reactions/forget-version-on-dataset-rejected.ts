import { DatasetRejectedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { forgetRejectedVersion } from "../adapters/dataset-versions.ts";

/** A batch that was rejected is judged again when it is sent again, and no later batch has to have its columns. */
export const forgetVersionOnDatasetRejected = reaction({
  name: "forget-version-on-dataset-rejected",
  on: DatasetRejectedV1,
  emits: [],

  decide: ({ data }, { now }) => ({ events: [], datasetVersion: data.datasetVersion, rejectedAt: now }),

  record: ({ datasetVersion, rejectedAt }, tx, { pipeline }) =>
    forgetRejectedVersion(tx, pipeline, datasetVersion, rejectedAt),
});
