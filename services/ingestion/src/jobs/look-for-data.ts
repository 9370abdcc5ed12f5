import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DataDiscoveredV1, DatasetIngestionFailedV1, type Problem } from "@cascade/contracts";
import { type Given, type JobContext, job, type PlannedJob } from "@cascade/messaging";
import { listFolder } from "../adapters/list-folder.ts";
import { findPipeline } from "../adapters/pipelines.ts";
import { findWatchedFiles, forgetLooks, saveWatchedFiles } from "../adapters/watched-files.ts";
import type { Deps } from "../deps.ts";
import { Look, lookKey, sourceName, type WatchedSource, watchedSources } from "../domain/looks.ts";
import { toldAddress } from "../domain/readable.ts";
import { type ListedFile, type SeenFile, watchFiles } from "../domain/watched-files.ts";
import { problemOf } from "../errors.ts";
import { ingestBatch } from "./ingest-batch.ts";

const name = "look-for-data";

type Looked =
  | { readonly status: "outdated" }
  | { readonly status: "listed"; readonly source: WatchedSource; readonly files: readonly ListedFile[] }
  | { readonly status: "failed"; readonly source: WatchedSource; readonly problem: Problem };

/**
 * Looks at a source of a pipeline and plans the next look. What is found and that it was found is kept in one
 * transaction, and a look is done by one replica, so that nothing is taken twice or left behind.
 */
export const lookForData = job({
  name,
  payload: Look,
  emits: [DataDiscoveredV1, DatasetIngestionFailedV1],
  // Its work is short and mostly waiting for others. An attempt that fails is followed by another for ever: the
  // looks at a source must not end because a database was away.
  settings: { timeoutMs: 120_000, attempts: Number.MAX_SAFE_INTEGER, concurrency: 4 },

  run: (look, deps: Deps, context: JobContext) => lookAt(look, deps, context),

  load: async ({ pipeline, payload }, tx) => ({
    known: await findWatchedFiles(tx, pipeline, payload.source),
  }),

  finish: ({ pipeline, payload, result }, facts) => conclude(pipeline, payload, result, facts),

  fail: () => ({ events: [], jobs: [], watched: undefined }),

  record: ({ watched }, tx, { pipeline, payload }) => {
    if (watched !== undefined) saveWatchedFiles(tx, pipeline, payload.source, watched);
    forgetLooks(tx, name, pipeline);
  },
});

async function lookAt(look: Look, deps: Deps, { pipeline: name }: JobContext): Promise<Looked> {
  const pipeline = await findPipeline(deps.database, name);
  const source = watchedSources(pipeline?.reading.sources ?? []).find(
    (one) => sourceName(one) === look.source,
  );
  if (pipeline?.version !== look.version || source === undefined) return { status: "outdated" };
  try {
    return { status: "listed", source, files: await listFolder(source, deps.config.roots) };
  } catch (error) {
    return { status: "failed", source, problem: problemOf(error) };
  }
}

function conclude(
  pipeline: string,
  look: Look,
  result: Looked,
  { known, now }: Given & { readonly known: readonly SeenFile[] },
) {
  switch (result.status) {
    case "outdated":
      return { events: [], jobs: [], watched: undefined };
    case "failed": {
      const { problem, source } = result;
      const files = [{ uri: toldAddress(source.folder) }];
      const isNew = look.problem !== problem.code;
      return {
        events: isNew ? [DatasetIngestionFailedV1.create(pipeline, { problem, files })] : [],
        jobs: [nextLook(pipeline, { ...look, problem: problem.code }, source, now)],
        watched: undefined,
      };
    }
    case "listed": {
      const { source, files } = result;
      const watched = watchFiles(files, known, now, source.quietSeconds * 1000);
      const found = watched.take.map((file) => batchOf(pipeline, look, source, file));
      return {
        events: found.map(({ event }) => event),
        jobs: [
          ...found.map(({ batch }) => batch),
          nextLook(pipeline, { ...look, problem: undefined }, source, now),
        ],
        watched,
      };
    }
    default:
      return result satisfies never;
  }
}

/** A file that was found is the root of a cascade, which taking it in continues. */
function batchOf(pipeline: string, { version, number }: Look, { folder }: WatchedSource, file: SeenFile) {
  const uri = pathToFileURL(join(folder, file.name)).href;
  const event = DataDiscoveredV1.create(pipeline, { uri: toldAddress(uri) });
  const batch = ingestBatch.plan(
    { source: { kind: "files", files: [{ uri }] } },
    { key: `${pipeline} ${version} ${number} ${uri}`, follows: event },
  );
  return { event, batch };
}

function nextLook(pipeline: string, look: Look, source: WatchedSource, now: Date): PlannedJob {
  const number = look.number + 1;
  const notBefore = new Date(now.getTime() + source.everySeconds * 1000);
  return lookForData.plan(
    { ...look, number },
    { ...lookKey(pipeline, source, look.version, number), notBefore },
  );
}
