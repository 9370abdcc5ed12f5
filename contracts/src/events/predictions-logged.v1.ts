import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTime } from "../samples.ts";
import { count, identifier, moment, versionNumber } from "../shapes.ts";

export const PredictionsLoggedV1 = defineEvent({
  name: "predictions.logged",
  version: 1,
  owner: "serving",
  consumers: ["monitoring"],
  volatile: true,
  summary: "What was asked and answered, in batches.",
  schema: z.object({
    replica: identifier,
    predictions: z
      .array(
        z.object({
          id: identifier,
          version: versionNumber,
          at: moment,
          /** The raw columns as they were sent, where the caller sent columns. */
          input: z.record(z.string(), z.json()).optional(),
          features: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
          output: z.union([z.number(), z.array(z.number())]),
        }),
      )
      .min(1),
    /** Predictions that were not logged since the last batch, because the buffer was full. */
    dropped: count,
  }),
  example: {
    replica: "serving-1",
    predictions: [
      {
        id: "0199a4c0-7f30-7000-8000-000000000003",
        version: 1,
        at: sampleTime,
        input: { origin: "SFO" },
        features: { hour: 6, origin: "SFO" },
        output: [0.8, 0.2],
      },
    ],
    dropped: 0,
  },
});
