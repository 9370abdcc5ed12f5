import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, Problem, versionNumber } from "../shapes.ts";

export const ReplicaFailedV1 = defineEvent({
  name: "replica.failed",
  version: 1,
  owner: "serving",
  consumers: ["deployment"],
  summary: "A replica could not load a version; it goes on with what it had.",
  schema: z.object({
    replica: identifier,
    revision: z.int().positive(),
    version: versionNumber,
    problem: Problem,
  }),
  example: {
    replica: "serving-1",
    revision: 3,
    version: 2,
    problem: {
      code: "ARTIFACT_DIGEST_MISMATCH",
      message: "the stored model has other bytes",
      whatToDo: "Restore the artifact from a backup, or promote another version.",
    },
  },
});
