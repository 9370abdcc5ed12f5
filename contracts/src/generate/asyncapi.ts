import { z } from "zod";
import { isObject } from "../compatibility/json-schema.ts";
import { Envelope } from "../envelope.ts";
import type { AnyEventDefinition } from "../event-definition.ts";
import { pipelineNamePattern } from "../pipeline-name.ts";
import { maxEventBytes, streamsFor } from "../streams.ts";
import { filterSubjectOf, schemaUriOf, streamOf } from "../subjects.ts";
import { type GeneratedFile, jsonFile } from "./generated-file.ts";
import { consumersOf, shortNameOf } from "./parties.ts";
import { sampleEvent } from "./sample-event.ts";

/**
 * Everything an integrator can subscribe to or publish, as AsyncAPI. Its NATS binding knows nothing of
 * JetStream, so streams and filters are given in keys that begin with `x-`.
 */
export function asyncApiFile(definitions: readonly AnyEventDefinition[]): GeneratedFile {
  return jsonFile("generated/asyncapi.json", {
    asyncapi: "3.1.0",
    info: {
      title: "Cascade events",
      version: "1.0.0",
      description:
        "CloudEvents 1.0 on NATS JetStream. Events are published in binary mode; structured mode is accepted too.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    servers: {
      nats: {
        host: "{host}:{port}",
        protocol: "nats",
        description: "A NATS server with JetStream.",
        variables: { host: { default: "localhost" }, port: { default: "4222" } },
        "x-jetstream-streams": streamsFor(definitions),
      },
    },
    channels: Object.fromEntries(definitions.map((definition) => [definition.type, channelOf(definition)])),
    operations: Object.fromEntries(definitions.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(definitions.map((definition) => [definition.type, messageOf(definition)])),
      messageTraits: { cloudEvent: { headers: headersSchema() } },
      schemas: Object.fromEntries(definitions.flatMap(schemasOf)),
    },
  });
}

function channelOf(definition: AnyEventDefinition) {
  return {
    address: `${definition.type}.{pipeline}`,
    title: definition.type,
    description: definition.summary,
    servers: [{ $ref: "#/servers/nats" }],
    messages: { event: { $ref: `#/components/messages/${definition.type}` } },
    parameters: {
      pipeline: { description: `The pipeline's name, which matches ${pipelineNamePattern.source}` },
    },
    "x-jetstream-stream": streamOf(definition),
    "x-jetstream-max-payload-bytes": maxEventBytes,
  };
}

function operationsOf(definition: AnyEventDefinition) {
  const channel = { $ref: `#/channels/${definition.type}` };
  const messages = [{ $ref: `#/channels/${definition.type}/messages/event` }];
  const send = {
    action: "send",
    channel,
    messages,
    summary: `${definition.owner} publishes ${definition.type}`,
    tags: [{ name: definition.owner }],
  };
  const receives = consumersOf(definition).map((consumer) => [
    `${consumer}.receive.${definition.type}`,
    {
      action: "receive",
      channel,
      messages,
      summary: `${consumer} reacts to ${definition.type}`,
      tags: [{ name: consumer }],
      "x-jetstream-stream": streamOf(definition),
      "x-jetstream-filter-subject": filterSubjectOf(definition),
    },
  ]);
  return [[`${definition.owner}.send.${definition.type}`, send], ...receives];
}

function messageOf(definition: AnyEventDefinition) {
  const { data, ...envelope } = sampleEvent(definition);
  const headers = Object.fromEntries(Object.entries(envelope).map(([name, value]) => [`ce-${name}`, value]));
  return {
    name: definition.type,
    title: shortNameOf(definition),
    summary: definition.summary,
    ...(definition.terminal === undefined
      ? {}
      : { description: `No service reacts to it: ${definition.terminal}.` }),
    contentType: "application/json",
    traits: [{ $ref: "#/components/messageTraits/cloudEvent" }],
    payload: { $ref: `#/components/schemas/${definition.type}` },
    examples: [{ name: "golden", headers, payload: data }],
    "x-dataschema": schemaUriOf(definition.type),
  };
}

function headersSchema() {
  const schema = z.toJSONSchema(Envelope, { io: "input", target: "draft-07" });
  const named = (name: string) => `ce-${name}`;
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, attribute]) => [named(name), attribute]),
    ),
    required: (schema.required ?? []).map(named),
  };
}

/** A schema and what it defines, each as a component of its own: AsyncAPI knows no definitions inside. */
function schemasOf(definition: AnyEventDefinition): [string, unknown][] {
  const { $schema, definitions, ...schema } = z.toJSONSchema(definition.schema, {
    io: "input",
    target: "draft-07",
  });
  const moved = (value: unknown) => withMovedReferences(value, `#/components/schemas/${definition.type}.`);
  return [
    [definition.type, moved(schema)],
    ...Object.entries(definitions ?? {}).map(([name, inner]): [string, unknown] => [
      `${definition.type}.${name}`,
      moved(inner),
    ]),
  ];
}

function withMovedReferences(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withMovedReferences(item, prefix));
  if (!isObject(value)) return value;
  const moved: [string, unknown][] = Object.entries(value).map(([key, inner]) => [
    key,
    key === "$ref" && typeof inner === "string"
      ? inner.replace("#/definitions/", prefix)
      : withMovedReferences(inner, prefix),
  ]);
  return Object.fromEntries(moved);
}
