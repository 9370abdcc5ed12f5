import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DataDiscoveredV1, DatasetIngestionFailedV1 } from "@cascade/contracts";
import { type Given, type JobContext, job, type PlannedJob } from "@cascade/messaging";
import { type Looked, lookAtSource } from "../adapters/look-at-source.ts";
import { findWatchedFiles, forgetLooks, saveWatchedFiles } from "../adapters/watched-files.ts";
import { findWatermark, saveWatermark } from "../adapters/watermarks.ts";
import type { Deps } from "../deps.ts";
import type { Arrival } from "../domain/arrival.ts";
import { Look, lookKey, type WatchedSource } from "../domain/looks.ts";
import { toldAddress } from "../domain/readable.ts";
import { type SeenFile, type Watched, watchFiles } from "../domain/watched-files.ts";
import { ingestBatch } from "./ingest-batch.ts";

const name = "look-for-data";

interface Known {
  readonly files: readonly SeenFile[];
  readonly watermark: string | undefined;
}

interface Concluded {
  readonly found?: readonly { readonly uri: string; readonly source: Arrival["source"] }[];
  readonly watched?: Watched;
  readonly watermark?: string;
}

const nothing: Concluded = {};

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
  settings: { timeoutMs: 600_000, attempts: Number.MAX_SAFE_INTEGER, concurrency: 4 },

  run: (look, deps: Deps, context: JobContext) => lookAtSource(look, deps, context),

  load: async ({ pipeline, payload: { source } }, tx) => ({
    known: {
      files: await findWatchedFiles(tx, pipeline, source),
      watermark: await findWatermark(tx, pipeline, source),
    },
  }),

  finish: ({ pipeline, payload, result }, facts) => conclude(pipeline, payload, result, facts),

  fail: () => ({ events: [], jobs: [], concluded: nothing }),

  record: ({ concluded: { watched, watermark } }, tx, { pipeline, payload: { source } }) => {
    if (watched !== undefined) saveWatchedFiles(tx, pipeline, source, watched);
    if (watermark !== undefined) saveWatermark(tx, pipeline, source, watermark);
    forgetLooks(tx, name, pipeline);
  },
});

function conclude(
  pipeline: string,
  look: Look,
  result: Looked,
  { known, now }: Given & { readonly known: Known },
) {
  if (result.status === "outdated") return { events: [], jobs: [], concluded: nothing };
  const { source } = result;
  if (result.status === "failed") {
    const { problem } = result;
    const files = [{ uri: toldAddress(sourceUri(source)) }];
    return {
      // Told once, and not again at every look.
      events:
        look.problem === problem.code ? [] : [DatasetIngestionFailedV1.create(pipeline, { problem, files })],
      jobs: [nextLook(pipeline, { ...look, problem: problem.code }, source, now, source.everySeconds)],
      concluded: nothing,
    };
  }
  const concluded = result.status === "listed" ? takeFiles(result, known, now) : takeRows(result, known);
  const batches = (concluded.found ?? []).map(({ uri, source: of }) => {
    // The root of a cascade, which taking it in continues.
    const event = DataDiscoveredV1.create(pipeline, { uri: toldAddress(uri) });
    const key = `${pipeline} ${look.version} ${look.number} ${uri}`;
    return { event, batch: ingestBatch.plan({ source: of }, { key, follows: event }) };
  });
  const hasMore = result.status === "queried" && result.found?.isFull === true;
  const waitSeconds = hasMore ? 0 : source.everySeconds;
  return {
    events: batches.map(({ event }) => event),
    jobs: [
      ...batches.map(({ batch }) => batch),
      nextLook(pipeline, { ...look, problem: undefined }, source, now, waitSeconds),
    ],
    concluded,
  };
}

function takeFiles(
  { source, files }: Extract<Looked, { status: "listed" }>,
  known: Known,
  now: Date,
): Concluded {
  const watched = watchFiles(files, known.files, now, source.quietSeconds * 1000);
  const found = watched.take.map((file) => {
    const uri = pathToFileURL(join(source.folder, file.name)).href;
    return { uri, source: { kind: "files" as const, files: [{ uri }] } };
  });
  return { watched, found };
}

/** Where another look has gone further meanwhile, as under a newer version of the pipeline, its rows are the ones. */
function takeRows({ source, found }: Extract<Looked, { status: "queried" }>, known: Known): Concluded {
  if (found === undefined || found.after !== known.watermark) return {};
  const uri = `${sourceUri(source)}#${encodeURIComponent(found.watermark)}`;
  return {
    watermark: found.watermark,
    found: [{ uri, source: { kind: "stored", uri, format: "json-lines", rows: found.rows } }],
  };
}

function sourceUri(source: WatchedSource): string {
  return source.kind === "folder" ? source.folder : `urn:cascade:query:${source.connection}:${source.name}`;
}

function nextLook(
  pipeline: string,
  look: Look,
  source: WatchedSource,
  now: Date,
  waitSeconds: number,
): PlannedJob {
  const number = look.number + 1;
  const notBefore = new Date(now.getTime() + waitSeconds * 1000);
  return lookForData.plan(
    { ...look, number },
    { ...lookKey(pipeline, source, look.version, number), notBefore, untraced: true },
  );
}
