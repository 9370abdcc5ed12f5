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
import { fetchOverHttp } from "./fetch-over-http.ts";
import type { Taken, TakeOptions } from "./take-bytes.ts";

/** A file of ours, and what its sender calls it. */
export interface FetchedFile extends InputFile {
  readonly uri: string;
  readonly sizeBytes: number;
}

type Context = Pick<JobContext, "signal" | "progress">;

/** Brings the files of a batch into a folder, in their order. All addresses are judged before any is used. */
export async function fetchBatch(
  { source }: Arrival,
  formatOfPipeline: DataFormat | undefined,
  folder: string,
  deps: Deps,
  { signal, progress }: Context,
): Promise<FetchedFile[]> {
  if (source.kind === "feedback") {
    const path = await deps.store.fetchToFile(source.rows, folder, { signal });
    return [{ path, format: "parquet", uri: feedbackUri(source.batchId), sizeBytes: source.rows.sizeBytes }];
  }
  const wanted = source.files.map((file) => judge(file, formatOfPipeline));
  const fetched: FetchedFile[] = [];
  let bytesLeft = deps.config.bytesMax;
  for (const [index, { file, location, format }] of wanted.entries()) {
    progress({ message: `fetching file ${index + 1} of ${wanted.length}`, share: index / wanted.length });
    const path = join(folder, `file-${index}`);
    const { uri } = file;
    const { bytesMax, ratioMax } = deps.config;
    const taken = await take(location, deps, { uri, target: path, bytesLeft, bytesMax, ratioMax, signal });
    if (file.digest !== undefined && file.digest !== taken.digest) {
      throw ingestionErrors.digestMismatch(uri, file.digest, taken.digest);
    }
    bytesLeft -= taken.unpackedBytes;
    fetched.push({ path, format, uri, sizeBytes: taken.sizeBytes });
  }
  return fetched;
}

function judge(file: ArrivedFile, formatOfPipeline: DataFormat | undefined) {
  const location = locate(file.uri);
  const name = location.kind === "file" ? location.path : location.url.pathname;
  const format = formatOf(file.format, formatOfPipeline, name);
  if (format === undefined) throw ingestionErrors.formatUnknown(file.uri);
  return { file, location, format };
}

function take(location: Location, { config, resolve }: Deps, options: TakeOptions): Promise<Taken> {
  if (location.kind === "file") return copyLocalFile(location.path, config.roots, options);
  const { allowPrivateHosts, fetchTimeoutMs, idleTimeoutMs } = config;
  return fetchOverHttp(location.url, {
    ...options,
    resolve,
    allowPrivateHosts,
    fetchTimeoutMs,
    idleTimeoutMs,
  });
}
