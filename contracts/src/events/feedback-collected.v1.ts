import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { sampleParquet } from "../samples.ts";
import { count, identifier } from "../shapes.ts";

export const FeedbackCollectedV1 = defineEvent({
  name: "feedback.collected",
  version: 1,
  owner: "monitoring",
  consumers: ["ingestion"],
  startsCascade: true,
  summary: "Labelled predictions form a new batch of data.",
  schema: z.object({ batchId: identifier, rows: ArtifactRef, rowCount: count }),
  example: { batchId: "0199a4c0-7f30-7000-8000-000000000009", rows: sampleParquet, rowCount: 5000 },
});
