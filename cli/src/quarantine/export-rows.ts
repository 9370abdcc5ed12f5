import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { ArtifactError, openArtifactStore } from "@cascade/artifacts";
import type { ArtifactRef } from "@cascade/contracts";
import { type Exported, type FileFormat, openTabular, TabularError } from "@cascade/tabular";
import { CliError, exitCodes } from "../errors.ts";

const formats: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".jsonl": "json-lines",
  ".ndjson": "json-lines",
  ".parquet": "parquet",
};

export function formatOfExport(file: string): FileFormat {
  const format = formats[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new CliError(
    exitCodes.usage,
    `${file} does not say what to write: let its name end in ${Object.keys(formats).join(", ")}.`,
  );
}

export interface ExportRequest {
  readonly artifactsUrl: string;
  readonly rows: ArtifactRef;
  readonly file: string;
  readonly guardFormulas: boolean;
}

/** Writes stored rows into a file of one's own, checked by their digest and opened in a child process. */
export async function exportToFile({
  artifactsUrl,
  rows,
  file,
  guardFormulas,
}: ExportRequest): Promise<Exported> {
  const format = formatOfExport(file);
  const folder = await mkdtemp(join(tmpdir(), "cascade-export-"));
  const tabular = openTabular({
    processes: 1,
    threads: 2,
    memoryLimitMiB: 1024,
    timeoutMs: 600_000,
    temporaryDirectory: folder,
  });
  try {
    const path = await openArtifactStore(artifactsUrl).fetchToFile(rows, folder);
    return await tabular.exportRows({ path, output: resolve(file), format, guardFormulas });
  } catch (error) {
    if (error instanceof TabularError) {
      throw new CliError(exitCodes.refused, `${error.message} ${error.whatToDo}`, { cause: error });
    }
    if (error instanceof ArtifactError)
      throw new CliError(exitCodes.refused, error.message, { cause: error });
    throw error;
  } finally {
    await tabular.close();
    await rm(folder, { recursive: true, force: true });
  }
}
