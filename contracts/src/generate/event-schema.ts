import { z } from "zod";
import type { JsonSchema } from "../compatibility/json-schema.ts";
import type { AnyEventDefinition } from "../event-definition.ts";
import { schemaUriOf } from "../subjects.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";

/**
 * The JSON Schema of one event version, as a reader should apply it: the input form leaves unknown fields
 * alone, so that today's readers understand events that have gained a field.
 */
export function eventSchema(definition: AnyEventDefinition): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(definition.schema, { io: "input", target: "draft-2020-12" });
  return {
    $schema,
    $id: schemaUriOf(definition.type),
    title: definition.type,
    description: definition.summary,
    ...schema,
  };
}

function schemaPath(type: string): string {
  return `schemas/${type}.json`;
}

export function schemaFiles(definitions: readonly AnyEventDefinition[]): GeneratedFile[] {
  return definitions.map((definition) => jsonFile(schemaPath(definition.type), eventSchema(definition)));
}
