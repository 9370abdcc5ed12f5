import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { Problem } from "../shapes.ts";

export const DatasetIngestionFailedV1 = defineEvent({
  name: "dataset.ingestion-failed",
  version: 1,
  owner: "ingestion",
  consumers: [],
  terminal: "for people and for whoever sent the data",
  outgoing: true,
  summary: "A batch could not be read.",
  schema: z.object({ problem: Problem, files: z.array(z.object({ uri: z.string() })) }),
  example: {
    problem: {
      code: "FILE_MISSING",
      message: "/data/w01.parquet does not exist",
      whatToDo: "Check the path and publish data.arrived again.",
    },
    files: [{ uri: "file:///data/w01.parquet" }],
  },
});
