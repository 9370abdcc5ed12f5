import { z } from "zod";
import { PipelineSpec } from "../pipeline/pipeline-spec.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";

/** The JSON Schema of a pipeline file: what a person writes, so defaults may be left out. */
export function pipelineSchemaFile(): GeneratedFile {
  // Editors support draft-07 best; the file uses nothing that came later.
  const { $schema, ...schema } = z.toJSONSchema(PipelineSpec, { io: "input", target: "draft-07" });
  return jsonFile("generated/pipeline.schema.json", {
    $schema,
    $id: "urn:cascade:schema:pipeline",
    title: "Cascade pipeline",
    description: "A pipeline from data to a serving model. Apply it with: cascade apply FILE",
    ...schema,
  });
}
