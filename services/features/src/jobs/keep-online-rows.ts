import { FeatureViewFailedV1 } from "@cascade/contracts";
import { describeError, type JobContext, job } from "@cascade/messaging";
import { keepOnlineRows as keep } from "../adapters/keep-online-rows.ts";
import type { Deps } from "../deps.ts";
import { OnlineBuild } from "../domain/online-row.ts";

/** Brings what is known of the entities of a view to where serving finds it. */
export const keepOnlineRows = job({
  name: "keep-online-rows",
  payload: OnlineBuild,
  emits: [FeatureViewFailedV1],
  settings: { timeoutMs: 3_600_000, attempts: 5 },

  run: (build, deps: Deps, context: JobContext) => keep(build, deps, context),

  finish: () => ({ events: [] }),

  fail: ({ pipeline, payload, error }) => ({
    events: [
      FeatureViewFailedV1.create(pipeline, {
        datasetVersion: payload.newVersion ?? payload.partitions.at(-1)?.datasetVersion ?? "",
        viewDigest: payload.digest,
        problem: {
          code: "ONLINE_ROWS_UNAVAILABLE",
          message:
            `The online rows of ${payload.definition.name} could not be written: ${describeError(error).message}`.slice(
              0,
              4000,
            ),
          whatToDo:
            "Look at the broker and at the log of the features service. Models answer with the rows that are there; the next batch, or applying the pipeline again, writes these too.",
        },
      }),
    ],
  }),
});
