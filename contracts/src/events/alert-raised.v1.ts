import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, sentence, versionNumber } from "../shapes.ts";

export const AlertRaisedV1 = defineEvent({
  name: "alert.raised",
  version: 1,
  owner: "monitoring",
  consumers: [],
  terminal: "for people and for integrators",
  outgoing: true,
  summary: "Something needs the attention of a person.",
  schema: z.object({
    alertId: identifier,
    kind: z.enum(["drift", "quality"]),
    severity: z.enum(["warning", "critical"]),
    message: sentence,
    version: versionNumber,
  }),
  example: {
    alertId: "0199a4c0-7f30-7000-8000-00000000000a",
    kind: "drift",
    severity: "warning",
    message: "hour drifted: psi 0.31 above 0.2",
    version: 1,
  },
});
