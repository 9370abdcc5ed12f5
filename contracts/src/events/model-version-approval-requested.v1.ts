import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { Metrics, versionNumber } from "../shapes.ts";

export const ModelVersionApprovalRequestedV1 = defineEvent({
  name: "model-version.approval-requested",
  version: 1,
  owner: "registry",
  consumers: [],
  terminal: "for people, who answer with approval.given or approval.declined",
  outgoing: true,
  summary: "A model version waits for the approval of a person.",
  schema: z.object({ version: versionNumber, metrics: Metrics, championVersion: versionNumber.optional() }),
  example: { version: 2, metrics: { auc: 0.71 }, championVersion: 1 },
});
