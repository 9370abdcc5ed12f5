import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, versionNumber } from "../shapes.ts";

export const ReplicaReadyV1 = defineEvent({
  name: "replica.ready",
  version: 1,
  owner: "serving",
  consumers: ["deployment"],
  summary: "A replica has loaded every version of a traffic assignment and answers by it.",
  schema: z.object({ replica: identifier, revision: z.int().positive(), versions: z.array(versionNumber) }),
  example: { replica: "serving-1", revision: 3, versions: [1, 2] },
});
