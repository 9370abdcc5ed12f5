import type { DataSource } from "@cascade/contracts";
import { z } from "zod";

/** A source that says nothing by itself, so that it must be looked at. */
export type WatchedSource = Exclude<DataSource, { kind: "bucket" }>;

/** One look at a source; each plans the next one. */
export const Look = z.object({
  /** Which version of the pipeline it belongs to: a newer one has looks of its own. */
  version: z.int(),
  source: z.string(),
  number: z.int(),
  /** What was wrong at the look before; told once and not at every look. */
  problem: z.string().optional(),
});
export type Look = z.infer<typeof Look>;

export function watchedSources(sources: readonly DataSource[]): WatchedSource[] {
  return sources.filter((source) => source.kind !== "bucket");
}

/** What a source is called in rows and keys; two of a pipeline with the same name are the same. */
export function sourceName(source: WatchedSource): string {
  return `${source.kind} ${source.kind === "folder" ? source.folder : source.name}`;
}

export function firstLook(source: WatchedSource, version: number): Look {
  return { version, source: sourceName(source), number: 0 };
}

export function lookKey(pipeline: string, source: WatchedSource, version: number, number: number) {
  return { key: `${pipeline} ${version} ${sourceName(source)} ${number}` };
}
