import { type AnyEventDefinition, PipelineSubmittedV1 } from "@cascade/contracts";
import type { HostileInput } from "../hostile-input.ts";

/** A message as it is put on the wire: nothing between here and the broker checks or repairs it. */
export interface EventInput {
  readonly subject: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payload: Uint8Array;
}

/**
 * What becomes of it: the code that its dead letter names, or `parked` until a build understands it, or `handled`
 * where it is strange but right, or `not stored` where the broker does not take it.
 */
export type EventAnswer =
  | "handled"
  | "parked"
  | "not stored"
  | "PIPELINE_UNKNOWN"
  | `EVENT_${Exclude<string, "">}`;

export type HostileEvent = HostileInput<EventInput, EventAnswer>;

/** An entry before it has a pipeline of its own, by which its outcome is told from all others. */
export interface EventCase {
  readonly name: string;
  readonly row: number;
  readonly wanted: EventAnswer;
  readonly message: (pipeline: string) => EventInput;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the registry takes from anybody who may submit: the text is no pipeline, so that it answers at once. */
export const goodData = { text: "no pipeline", by: "ada" } as const;

interface Changes {
  readonly definition?: AnyEventDefinition;
  readonly type?: string;
  readonly source?: string;
  /** Replaces what stands behind the type in the NATS subject. */
  readonly pipeline?: string;
  readonly payload?: string | Uint8Array;
}

function addressOf(pipeline: string, changes: Changes) {
  const type = changes.type ?? (changes.definition ?? PipelineSubmittedV1).type;
  return {
    type,
    subject: `${type}.${changes.pipeline ?? pipeline}`,
    source: changes.source ?? "urn:hostile",
  };
}

/** An event in binary mode with headers replaced, added, or (undefined) left out. */
export function binary(
  headers: Readonly<Record<string, string | undefined>> = {},
  changes: Changes = {},
): EventCase["message"] {
  return (pipeline) => {
    const { type, subject, source } = addressOf(pipeline, changes);
    const all = {
      "ce-specversion": "1.0",
      "ce-id": `id-of-${pipeline}`,
      "ce-type": type,
      "ce-source": source,
      ...headers,
    };
    const payload = changes.payload ?? JSON.stringify(goodData);
    return {
      subject,
      headers: Object.entries(all).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      ),
      payload: typeof payload === "string" ? bytesOf(payload) : payload,
    };
  };
}

/** An event in structured mode with fields replaced, added, or (undefined) left out; `encode` makes bytes of it. */
export function structured(
  fields: Readonly<Record<string, unknown>> = {},
  changes: Omit<Changes, "payload"> & {
    readonly contentType?: string;
    encode?(json: string): string | Uint8Array;
  } = {},
): EventCase["message"] {
  return (pipeline) => {
    const { type, subject, source } = addressOf(pipeline, changes);
    const event = { specversion: "1.0", id: `id-of-${pipeline}`, type, source, data: goodData, ...fields };
    const json = JSON.stringify(event);
    const payload = changes.encode?.(json) ?? json;
    return {
      subject,
      headers: [["Content-Type", changes.contentType ?? "application/cloudevents+json"]],
      payload: typeof payload === "string" ? bytesOf(payload) : payload,
    };
  };
}
