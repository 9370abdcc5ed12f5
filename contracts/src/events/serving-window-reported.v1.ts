import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTime } from "../samples.ts";
import { count, identifier, moment, versionNumber } from "../shapes.ts";

export const ServingWindowReportedV1 = defineEvent({
  name: "serving-window.reported",
  version: 1,
  owner: "serving",
  consumers: ["deployment"],
  volatile: true,
  summary: "How many requests a replica answered with a version, how fast, and with how many errors.",
  schema: z.object({
    replica: identifier,
    revision: z.int().positive(),
    version: versionNumber,
    from: moment,
    to: moment,
    requests: count,
    errors: count,
    latencyP50Ms: z.number().nonnegative(),
    latencyP99Ms: z.number().nonnegative(),
  }),
  example: {
    replica: "serving-1",
    revision: 3,
    version: 2,
    from: sampleTime,
    to: sampleTime,
    requests: 120,
    errors: 0,
    latencyP50Ms: 1.1,
    latencyP99Ms: 4.2,
  },
});
