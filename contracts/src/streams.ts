import type { AnyEventDefinition } from "./event-definition.ts";
import { filterSubjectOf, streamOf } from "./subjects.ts";

/** How a stream is to be configured; names and meanings as in JetStream. Durations in milliseconds. */
export interface StreamDefinition {
  readonly name: string;
  readonly subjects: readonly string[];
  /** Streams that the broker copies from, and the subjects that it takes. */
  readonly sources?: readonly { readonly stream: string; readonly filters: readonly string[] }[];
  readonly duplicateWindowMs: number;
  /** -1: no limit of its own. */
  readonly maxMessageBytes: number;
  readonly maxBytes: number;
  /** 0: kept for ever. */
  readonly maxAgeMs: number;
  /** `new`: a full stream refuses new events, so that none is lost unseen. `old`: prediction logs. */
  readonly discard: "new" | "old";
  /** A key-value bucket: one message a subject, which a newer one replaces. */
  readonly keyValue?: boolean;
}

const minuteMs = 60_000;
const mebibyte = 1024 * 1024;

/** The largest event in bytes, envelope excluded. What is larger belongs into an artifact. */
export const maxEventBytes = 256 * 1024;

/** One stream per owner, and one per volatile entity; subjects come from the definitions. */
export function streamsFor(definitions: readonly AnyEventDefinition[]): readonly StreamDefinition[] {
  const byStream = Map.groupBy(definitions, streamOf);
  return [...byStream].map(([name, members]) => {
    const volatile = members.some((member) => member.volatile);
    return {
      name,
      subjects: [...new Set(members.map(filterSubjectOf))].sort(),
      duplicateWindowMs: 15 * minuteMs,
      // Headers are part of a message's size in JetStream.
      maxMessageBytes: maxEventBytes + 16 * 1024,
      maxBytes: volatile ? 512 * mebibyte : 1024 * mebibyte,
      maxAgeMs: volatile ? 7 * 24 * 60 * minuteMs : 0,
      discard: volatile ? "old" : "new",
    };
  });
}
