import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTime } from "../samples.ts";
import { identifier, moment } from "../shapes.ts";

export const FeatureViewOutdatedV1 = defineEvent({
  name: "feature-view.outdated",
  version: 1,
  owner: "features",
  consumers: [],
  terminal: "for people, who look at where data stay away",
  summary: "The newest row of a view is older than the pipeline allows.",
  schema: z.object({
    view: identifier,
    viewDigest: identifier,
    newestTime: moment,
    ageSeconds: z.number().nonnegative(),
    limitSeconds: z.number().positive(),
  }),
  example: {
    view: "departures",
    viewDigest: `sha256:${"e".repeat(64)}`,
    newestTime: sampleTime,
    ageSeconds: 90_000,
    limitSeconds: 86_400,
  },
});
