import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRolloutId, sampleServableModel } from "../samples.ts";
import { identifier, ServableModel, versionNumber } from "../shapes.ts";

export const TrafficAssignedV1 = defineEvent({
  name: "traffic.assigned",
  version: 1,
  owner: "deployment",
  consumers: ["serving"],
  summary:
    "Which versions of an endpoint take which share of the traffic: the desired state of every replica.",
  schema: z.object({
    /** Rises with every change of an endpoint; a replica ignores what is older than what it has. */
    revision: z.int().positive(),
    rolloutId: identifier.optional(),
    versions: z
      .array(
        z.object({ version: versionNumber, weightPercent: z.int().min(0).max(100), servable: ServableModel }),
      )
      .max(20),
  }),
  example: {
    revision: 3,
    rolloutId: sampleRolloutId,
    versions: [
      { version: 1, weightPercent: 80, servable: sampleServableModel },
      { version: 2, weightPercent: 20, servable: sampleServableModel },
    ],
  },
});
