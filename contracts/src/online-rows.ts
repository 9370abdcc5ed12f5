import { createHash } from "node:crypto";
import { z } from "zod";
import { count, moment } from "./shapes.ts";
import type { StreamDefinition } from "./streams.ts";

/**
 * Online rows: the newest of what is known of each entity, in one key-value bucket of JetStream. One for all views,
 * because the broker's rights end at whole tokens: so the keys of a view begin with its name, and not its bucket.
 */
const bucket = "cascade-features";
export const onlineRowsPrefix = `$KV.${bucket}`;

/** Longest row that is kept, as JSON. */
export const onlineRowBytesMax = 64 * 1024;

/** A bucket is a stream with one message a subject; clients know it by its name. */
export const onlineRowsStream: StreamDefinition = {
  name: `KV_${bucket}`,
  subjects: [`${onlineRowsPrefix}.>`],
  keyValue: true,
  duplicateWindowMs: 2 * 60_000,
  maxMessageBytes: onlineRowBytesMax + 4096,
  maxBytes: 1024 * 1024 * 1024,
  maxAgeMs: 0,
  discard: "new",
};

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Values = z.record(z.string(), Scalar);

export const OnlineRow = z.object({
  /** The entity's columns as one text: see `entityText`. */
  entity: z.string(),
  /** The event time of its newest row. */
  time: moment,
  /** How many batches of the pipeline were known, as the place of the newest one. */
  position: count,
  values: Values,
  /** The aggregates for any later time: each step holds for times after its own. */
  steps: z.array(z.object({ after: moment, values: Values })),
});
export type OnlineRow = z.infer<typeof OnlineRow>;

/** What is known of a view's rows as a whole; a view without it is one that the bucket does not hold. */
export const OnlineView = z.object({ time: moment.nullable(), position: count });
export type OnlineView = z.infer<typeof OnlineView>;

interface ViewVersion {
  readonly pipeline: string;
  readonly view: string;
  readonly viewDigest: string;
}

/** The subject of a view in one version: models of the version before go on reading theirs. */
export function onlineViewSubject({ pipeline, view, viewDigest }: ViewVersion): string {
  return `${onlineRowsPrefix}.${pipeline}.${view}.${viewDigest.replace("sha256:", "").slice(0, 16)}`;
}

/** The subject of an entity's row. A digest fits into a subject whatever the entity's name is made of. */
export function onlineRowSubject(version: ViewVersion, entity: string): string {
  return `${onlineViewSubject(version)}.${createHash("sha256").update(entity).digest("base64url")}`;
}

/** An entity as one text, each part with its length before it; undefined where a part is missing. */
export function entityText(parts: readonly unknown[]): string | undefined {
  const texts = parts.flatMap((part) =>
    typeof part === "string" || typeof part === "number" || typeof part === "boolean" ? [String(part)] : [],
  );
  if (texts.length < parts.length) return undefined;
  return texts.map((text) => `${[...text].length}:${text}`).join("");
}
