import { DataArrivedV1, type Envelope, subjectOf } from "@cascade/contracts";
import type { DecodeLimits, RawMessage } from "./cloud-event.ts";
import { decode } from "./decode.ts";
import { MalformedEventError } from "./errors.ts";

/** Messages that the codec's tests start from. */

export const limits: DecodeLimits = { payloadBytesMax: 256 * 1024, depthMax: 32, headerBytesMax: 16 * 1024 };

export const natsSubject = subjectOf(DataArrivedV1, "flight-delays");

export const envelope = {
  specversion: "1.0",
  id: "0199a4c0-7f30-7000-8000-0000000000e1",
  type: DataArrivedV1.type,
  source: "https://lake.example/exports",
  subject: "flight-delays",
} as const satisfies Envelope;

export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A message in binary mode with the headers replaced, added, or (undefined) left out. */
export function binary(
  headers: Record<string, string | undefined> = {},
  payload: string | Uint8Array = "{}",
): RawMessage {
  const all = {
    "ce-specversion": envelope.specversion,
    "ce-id": envelope.id,
    "ce-type": envelope.type,
    "ce-source": envelope.source,
    ...headers,
  };
  return {
    headers: Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    payload: typeof payload === "string" ? bytesOf(payload) : payload,
    subject: natsSubject,
  };
}

/** A message in structured mode with the fields replaced, added, or (undefined) left out. */
export function structured(
  fields: Record<string, unknown> = {},
  contentType = "application/cloudevents+json",
): RawMessage {
  return {
    headers: [["Content-Type", contentType]],
    payload: bytesOf(JSON.stringify({ ...envelope, data: {}, ...fields })),
    subject: natsSubject,
  };
}

/** The code of the refusal, or "accepted". */
export function outcome(message: RawMessage, with_: Partial<DecodeLimits> = {}): string {
  try {
    decode(message, { ...limits, ...with_ });
    return "accepted";
  } catch (error) {
    if (error instanceof MalformedEventError) return error.code;
    throw error;
  }
}
