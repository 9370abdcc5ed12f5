import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier } from "../shapes.ts";

export const LabelsArrivedV1 = defineEvent({
  name: "labels.arrived",
  version: 1,
  owner: "outside",
  consumers: ["monitoring"],
  summary: "The true outcomes of earlier predictions are known.",
  schema: z.object({
    labels: z
      .array(
        z.object({
          predictionId: identifier,
          label: z.union([z.string().max(1000), z.number(), z.boolean()]),
        }),
      )
      .min(1)
      .max(2000),
  }),
  example: { labels: [{ predictionId: "0199a4c0-7f30-7000-8000-000000000003", label: true }] },
});
