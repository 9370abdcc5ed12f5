import type { Envelope } from "@cascade/contracts";

/** An event as it travels: the CloudEvents attributes, and data that no schema has looked at yet. */
export interface CloudEvent {
  readonly envelope: Envelope;
  readonly data: unknown;
}

/** A message of the broker, reduced to what the codec reads. */
export interface RawMessage {
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly payload: Uint8Array;
  readonly subject: string;
}

/** What a message may demand of us at most. `depthMax` counts the levels of nesting in the data. */
export interface DecodeLimits {
  readonly payloadBytesMax: number;
  readonly depthMax: number;
  readonly headerBytesMax: number;
}
