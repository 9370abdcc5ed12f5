import type { AnyEventDefinition } from "../event-definition.ts";
import { onlineRowsStream } from "../online-rows.ts";
import { streamsFor } from "../streams.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";

export function streamsFile(definitions: readonly AnyEventDefinition[]): GeneratedFile {
  return jsonFile("generated/streams.json", { streams: [...streamsFor(definitions), onlineRowsStream] });
}
