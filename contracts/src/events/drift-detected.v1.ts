import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { ColumnName } from "../pipeline/columns.ts";
import { count, identifier, versionNumber } from "../shapes.ts";

export const DriftDetectedV1 = defineEvent({
  name: "drift.detected",
  version: 1,
  owner: "monitoring",
  consumers: ["training"],
  startsCascade: true,
  outgoing: true,
  summary: "Live data differ from the reference of the model that serves.",
  schema: z.object({
    windowId: identifier,
    version: versionNumber,
    predictions: count,
    columns: z
      .array(
        z.object({
          column: ColumnName,
          test: z.enum(["psi"]),
          score: z.number().nonnegative(),
          threshold: z.number().nonnegative(),
          drifted: z.boolean(),
        }),
      )
      .min(1),
  }),
  example: {
    windowId: "0199a4c0-7f30-7000-8000-000000000007",
    version: 1,
    predictions: 1000,
    columns: [{ column: "hour", test: "psi", score: 0.31, threshold: 0.2, drifted: true }],
  },
});
