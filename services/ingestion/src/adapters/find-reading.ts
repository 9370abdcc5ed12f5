import { open } from "node:fs/promises";
import type { Arrival } from "../domain/arrival.ts";
import { isExported } from "../domain/exported-rows.ts";
import type { Reading } from "../domain/read-pipeline.ts";
import type { FetchedFile } from "./fetch-batch.ts";

// 2,000 names of 128 characters, some of them of several bytes.
const headerBytesMax = 512 * 1024;

/**
 * How the files of a batch are read. Rows that were exported from quarantine are written as the export writes them, not as
 * the pipeline's source does: how they are written is found in the file.
 */
export async function findReading(
  { source }: Arrival,
  files: readonly FetchedFile[],
  reading: Reading,
): Promise<Reading> {
  if (source.kind !== "files" || source.resubmits === undefined || reading.csv === undefined) return reading;
  for (const { path, format } of files) {
    if (format !== "csv" || !isExported(await readFirstLine(path))) return reading;
  }
  return { ...reading, csv: undefined };
}

async function readFirstLine(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0);
  return buffer.toString("utf8", 0, bytesRead).split("\n", 1)[0] ?? "";
}
