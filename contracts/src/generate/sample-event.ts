import type { Envelope } from "../envelope.ts";
import type { AnyEventDefinition } from "../event-definition.ts";
import { examplePipeline } from "../pipeline/example.ts";
import { sampleTime } from "../samples.ts";
import type { Owner } from "../services.ts";
import { schemaUriOf } from "../subjects.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";

const rootId = "0199a4c0-7f30-7000-8000-0000000000e0";
const causeId = "0199a4c0-7f30-7000-8000-0000000000e1";
const eventId = "0199a4c0-7f30-7000-8000-0000000000e2";

/** The golden sample of an event as a structured CloudEvent, the same on every run. */
export function sampleEvent(definition: AnyEventDefinition): Envelope & { readonly data: unknown } {
  return {
    specversion: "1.0",
    id: eventId,
    type: definition.type,
    source: sampleSource(definition.owner),
    subject: examplePipeline.pipeline,
    time: sampleTime,
    datacontenttype: "application/json",
    dataschema: schemaUriOf(definition.type),
    ...chainOf(definition),
    partitionkey: examplePipeline.pipeline,
    data: definition.example,
  };
}

/** What comes from outside begins a cascade; so does an event that says so, but it names what led to it. */
function chainOf({ owner, startsCascade }: AnyEventDefinition): Partial<Envelope> {
  if (owner === "outside" || owner === "operator") return { correlationid: eventId };
  return startsCascade
    ? { correlationid: eventId, causationid: causeId, linkedcascade: rootId }
    : { correlationid: rootId, causationid: causeId };
}

function sampleSource(owner: Owner): string {
  switch (owner) {
    case "outside":
      return "https://lake.example/exports";
    case "operator":
      return "/cli";
    case "runtime":
      return "/services/training";
    default:
      return `/services/${owner}`;
  }
}

export function sampleFiles(definitions: readonly AnyEventDefinition[]): GeneratedFile[] {
  return definitions.map((definition) =>
    jsonFile(`samples/${definition.type}.json`, sampleEvent(definition)),
  );
}
