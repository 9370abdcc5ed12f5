import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTime } from "../samples.ts";
import { identifier, moment } from "../shapes.ts";

export const FeatureViewFreshnessMeasuredV1 = defineEvent({
  name: "feature-view.freshness-measured",
  version: 1,
  owner: "features",
  consumers: [],
  terminal: "for people and dashboards",
  summary: "How old the newest row of a view is.",
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
    ageSeconds: 930,
    limitSeconds: 86_400,
  },
});
