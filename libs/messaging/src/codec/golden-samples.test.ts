import { type AnyEventDefinition, eventDefinitions, schemaUriOf, subjectOf } from "@cascade/contracts";
import { expect, test } from "vitest";
import type { CloudEvent } from "./cloud-event.ts";
import { envelope, limits } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";
import { encodeBinary } from "./encode-binary.ts";

const pipeline = "flight-delays";

function golden(definition: AnyEventDefinition): CloudEvent {
  return {
    envelope: {
      ...envelope,
      type: definition.type,
      subject: pipeline,
      datacontenttype: "application/json",
      dataschema: schemaUriOf(definition.type),
      correlationid: "root",
    },
    data: definition.example,
  };
}

test.each(eventDefinitions.map((definition): [string, AnyEventDefinition] => [definition.type, definition]))(
  "the golden sample of %s survives the wire, and is valid on the other side",
  (_type, definition) => {
    const event = golden(definition);
    const decoded = decode({ ...encodeBinary(event), subject: subjectOf(definition, pipeline) }, limits);
    expect(decoded).toEqual(event);
    expect(definition.schema.safeParse(decoded.data).success).toBe(true);
  },
);
