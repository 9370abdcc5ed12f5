import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArtifactRef, mediaTypes, type Problem } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import { type Look, sourceName, type WatchedSource, watchedSources } from "../domain/looks.ts";
import type { ListedFile } from "../domain/watched-files.ts";
import { ingestionErrors, problemOf } from "../errors.ts";
import { listFolder } from "./list-folder.ts";
import { findPipeline } from "./pipelines.ts";
import { type PostgresSource, queryRows } from "./query-rows.ts";
import { findWatermark } from "./watermarks.ts";

type FolderSource = Extract<WatchedSource, { kind: "folder" }>;

/** What a look at a source has shown. */
export type Looked =
  | { readonly status: "outdated" }
  | { readonly status: "listed"; readonly source: FolderSource; readonly files: readonly ListedFile[] }
  | { readonly status: "queried"; readonly source: PostgresSource; readonly found: FoundRows | undefined }
  | { readonly status: "failed"; readonly source: WatchedSource; readonly problem: Problem };

interface FoundRows {
  readonly rows: ArtifactRef;
  readonly after: string | undefined;
  readonly watermark: string;
  /** There may be more of them. */
  readonly isFull: boolean;
}

export async function lookAtSource(look: Look, deps: Deps, context: JobContext): Promise<Looked> {
  const pipeline = await findPipeline(deps.database, context.pipeline);
  const source = watchedSources(pipeline?.reading.sources ?? []).find(
    (declared) => sourceName(declared) === look.source,
  );
  if (pipeline?.version !== look.version || source === undefined) return { status: "outdated" };
  try {
    if (source.kind === "folder") {
      return { status: "listed", source, files: await listFolder(source, deps.config.roots) };
    }
    return { status: "queried", source, found: await newRows(source, look, deps, context) };
  } catch (error) {
    context.signal.throwIfAborted();
    return { status: "failed", source, problem: problemOf(error) };
  }
}

/** Keeps the new rows of a query in the store: what is taken in later must be what was read now. */
async function newRows(
  source: PostgresSource,
  look: Look,
  deps: Deps,
  { pipeline, signal }: JobContext,
): Promise<FoundRows | undefined> {
  const connection = deps.connections.get(source.connection);
  if (connection === undefined) throw ingestionErrors.connectionUnknown(source.connection);
  const after = await findWatermark(deps.database, pipeline, look.source);
  const { lines, watermark, isFull } = await queryRows(source, after, connection);
  if (watermark === undefined) return undefined;
  await using folder = await openWorkingFolder(deps.workDirectory);
  const path = join(folder.path, "rows.jsonl");
  await writeFile(path, lines.map((line) => `${line}\n`).join(""), { signal });
  return { rows: await deps.store.putFile(path, mediaTypes.json, { signal }), after, watermark, isFull };
}
