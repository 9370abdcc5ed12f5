import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier } from "../shapes.ts";

export const TrainerCodeChangedV1 = defineEvent({
  name: "trainer-code.changed",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "training itself decides on it, in the cascade that it starts",
  startsCascade: true,
  summary: "The training program of a pipeline is not what it was when it was looked at before.",
  schema: z.object({ trainer: identifier, codeDigest: identifier, previousDigest: identifier }),
  example: {
    trainer: "python3 train.py",
    codeDigest: `sha256:${"b".repeat(64)}`,
    previousDigest: `sha256:${"a".repeat(64)}`,
  },
});
