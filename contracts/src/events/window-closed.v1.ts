import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { ColumnName } from "../pipeline/columns.ts";
import { sampleTime } from "../samples.ts";
import { count, identifier, moment, versionNumber } from "../shapes.ts";

export const WindowClosedV1 = defineEvent({
  name: "window.closed",
  version: 1,
  owner: "monitoring",
  consumers: [],
  terminal: "the measurement itself; drift.detected says what follows",
  summary: "A window of predictions is full and was compared with the reference.",
  schema: z.object({
    windowId: identifier,
    version: versionNumber,
    from: moment,
    to: moment,
    predictions: count,
    columns: z.array(
      z.object({
        column: ColumnName,
        test: z.enum(["psi"]),
        score: z.number().nonnegative(),
        threshold: z.number().nonnegative(),
        drifted: z.boolean(),
      }),
    ),
    drifted: z.boolean(),
  }),
  example: {
    windowId: "0199a4c0-7f30-7000-8000-000000000007",
    version: 1,
    from: sampleTime,
    to: sampleTime,
    predictions: 1000,
    columns: [{ column: "hour", test: "psi", score: 0.01, threshold: 0.2, drifted: false }],
    drifted: false,
  },
});
