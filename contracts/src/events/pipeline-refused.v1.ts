import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sentence } from "../shapes.ts";

export const PipelineRefusedV1 = defineEvent({
  name: "pipeline.refused",
  version: 1,
  owner: "registry",
  consumers: [],
  terminal: "for the person who submitted the file",
  summary: "A pipeline file has mistakes; all of them are listed.",
  schema: z.object({
    problems: z
      .array(
        z.object({
          line: z.int().positive(),
          column: z.int().positive(),
          path: z.string(),
          message: sentence,
        }),
      )
      .min(1)
      .max(1000),
    fileName: z.string().optional(),
  }),
  example: {
    problems: [{ line: 4, column: 3, path: "data.label", message: "is missing: the column to predict" }],
    fileName: "pipeline.yaml",
  },
});
