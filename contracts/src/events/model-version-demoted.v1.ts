import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sentence, versionNumber } from "../shapes.ts";

export const ModelVersionDemotedV1 = defineEvent({
  name: "model-version.demoted",
  version: 1,
  owner: "registry",
  consumers: [],
  terminal: "for integrators; a promotion names the successor",
  outgoing: true,
  summary: "A model version is no longer the champion, or was declined as one.",
  schema: z.object({ version: versionNumber, reason: sentence, championVersion: versionNumber.optional() }),
  example: { version: 2, reason: "rolled back: error share 0.2 above 0.01", championVersion: 1 },
});
