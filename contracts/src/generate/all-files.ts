import type { AnyEventDefinition } from "../event-definition.ts";
import { asyncApiFile } from "./asyncapi.ts";
import { choreographyFile } from "./choreography.ts";
import { schemaFiles } from "./event-schema.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { permissionsFile, permissionsPage } from "./permissions.ts";
import { pipelineSchemaFile } from "./pipeline-schema.ts";
import { sampleFiles } from "./sample-event.ts";
import { streamsFile } from "./stream-list.ts";

/** Folders in which every file is generated: what else lies there is left over. */
export const generatedFolders = ["schemas", "samples", "generated"] as const;

export function allFiles(definitions: readonly AnyEventDefinition[]): GeneratedFile[] {
  return [
    ...schemaFiles(definitions),
    ...sampleFiles(definitions),
    pipelineSchemaFile(),
    asyncApiFile(definitions),
    streamsFile(definitions),
    permissionsFile(),
    permissionsPage(),
    choreographyFile(definitions),
  ];
}
