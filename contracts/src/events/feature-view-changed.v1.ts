import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { PipelineName } from "../pipeline-name.ts";
import { identifier } from "../shapes.ts";

export const FeatureViewChangedV1 = defineEvent({
  name: "feature-view.changed",
  version: 1,
  owner: "features",
  consumers: [],
  terminal: "for people: the features service renews the training sets concerned by itself",
  summary: "A view that the pipeline uses, its own or another's, is defined in another way than before.",
  schema: z.object({
    /** Whose view it is; the event's subject is a pipeline that it touches. */
    owner: PipelineName,
    view: identifier,
    viewDigest: identifier,
    previousDigest: identifier,
    /** Every pipeline that the change touches, each of which is told. */
    pipelines: z.array(PipelineName).min(1).max(1000),
  }),
  example: {
    owner: "flight-delays",
    view: "departures",
    viewDigest: `sha256:${"e".repeat(64)}`,
    previousDigest: `sha256:${"d".repeat(64)}`,
    pipelines: ["flight-delays", "crew-planning"],
  },
});
