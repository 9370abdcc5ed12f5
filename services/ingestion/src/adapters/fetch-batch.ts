import { join } from "node:path";
import type { DataFormat } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { InputFile } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { type Arrival, type ArrivedFile, feedbackUri } from "../domain/arrival.ts";
import { formatOf } from "../domain/format-of.ts";
import { type Location, locate } from "../domain/location.ts";
import { ingestionErrors } from "../errors.ts";
import { copyLocalFile } from "./copy-local-file.ts";
import { findStoredRows } from "./dataset-versions.ts";
import { fetchFromS3 } from "./fetch-from-s3.ts";
import { fetchOverHttp } from "./fetch-over-http.ts";
import { s3AccessOf } from "./s3-access.ts";
import type { Taken, TakeOptions } from "./take-bytes.ts";
import { tellBytes } from "./tell-progress.ts";

/** A file of ours, and what its sender calls it. */
export interface FetchedFile extends InputFile {
  readonly uri: string;
  readonly sizeBytes: number;
  readonly digest: string;
}

type Context = Pick<JobContext, "signal" | "progress" | "pipeline" | "attempt">;

/** Brings the files of a batch into a folder, in their order. All addresses are judged before any is used. */
export async function fetchBatch(
  { source }: Arrival,
  formatOfPipeline: DataFormat | undefined,
  folder: string,
  deps: Deps,
  { signal, progress, pipeline, attempt }: Context,
): Promise<FetchedFile[]> {
  if (source.kind === "feedback") {
    const path = await deps.store.fetchToFile(source.rows, folder, { signal });
    const { sizeBytes, digest } = source.rows;
    return [{ path, format: "parquet", uri: feedbackUri(source.batchId), sizeBytes, digest }];
  }
  if (source.kind === "stored") {
    const { uri, format, rows } = source;
    const path = await deps.store.fetchToFile(rows, folder, { signal });
    return [{ path, format, uri, sizeBytes: rows.sizeBytes, digest: rows.digest }];
  }
  const wanted = source.files.map((file) => judge(file, formatOfPipeline));
  const fetched: FetchedFile[] = [];
  let bytesLeft = deps.config.bytesMax;
  for (const [index, { file, location, format }] of wanted.entries()) {
    const path = join(folder, `file-${index}`);
    const { uri } = file;
    if (location.kind === "dataset") {
      const rows = await findStoredRows(deps.database, pipeline, location.datasetVersion);
      if (rows === undefined) throw ingestionErrors.datasetUnknown(pipeline, location.datasetVersion);
      const { sizeBytes, digest } = rows;
      const stored = await deps.store.fetchToFile(rows, folder, { signal });
      fetched.push({ path: stored, format, uri, sizeBytes, digest });
      continue;
    }
    const { bytesMax, ratioMax } = deps.config;
    using teller = tellBytes(progress, { index, count: wanted.length, attempt });
    const taken = await take(location, deps, {
      ...{ uri, target: path, bytesLeft, bytesMax, ratioMax, signal },
      arrived: teller.arrived,
    });
    if (file.digest !== undefined && file.digest !== taken.digest) {
      throw ingestionErrors.digestMismatch(uri, file.digest, taken.digest);
    }
    bytesLeft -= taken.unpackedBytes;
    fetched.push({ path, format, uri, sizeBytes: taken.sizeBytes, digest: taken.digest });
  }
  return fetched;
}

function judge(file: ArrivedFile, formatOfPipeline: DataFormat | undefined) {
  const location = locate(file.uri);
  // What was taken in is kept as Parquet, whatever it came as.
  if (location.kind === "dataset") return { file, location, format: "parquet" as const };
  const format = formatOf(file.format, formatOfPipeline, nameOf(location));
  if (format === undefined) throw ingestionErrors.formatUnknown(file.uri);
  return { file, location, format };
}

/** A place outside; what was taken in before is in the store. */
type Outside = Exclude<Location, { kind: "dataset" }>;

function nameOf(location: Outside): string {
  switch (location.kind) {
    case "file":
      return location.path;
    case "http":
      return location.url.pathname;
    case "s3":
      return location.object.key;
  }
}

function take(location: Outside, { config, resolve }: Deps, options: TakeOptions): Promise<Taken> {
  const { allowPrivateHosts, fetchTimeoutMs, idleTimeoutMs } = config;
  const overHttp = { ...options, resolve, allowPrivateHosts, fetchTimeoutMs, idleTimeoutMs };
  switch (location.kind) {
    case "file":
      return copyLocalFile(location.path, config.roots, options);
    case "http":
      return fetchOverHttp(location.url, overHttp);
    case "s3": {
      const access = s3AccessOf(config);
      if (access === undefined) throw noStore(options.uri);
      // The endpoint is the operator's and not the sender's: it has a permission of its own.
      return fetchFromS3(location.object, access, {
        ...overHttp,
        allowPrivateHosts: config.s3PrivateEndpoint,
      });
    }
  }
}

const noStore = (uri: string) =>
  ingestionErrors.uriRefused(
    uri,
    "no store of buckets is set up",
    "Set CASCADE_S3_ENDPOINT or, for Amazon's, CASCADE_S3_REGION for the ingestion service, and a key where one is needed.",
  );
