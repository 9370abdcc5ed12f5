import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { FetchedFile } from "./fetch-batch.ts";

// More than anybody writes around nothing; what is larger is for the engine to read.
const bytesMax = 1024;

/** The files that hold more than an empty JSON list or blanks, which have no columns that the engine could read. */
export async function withoutEmptyFiles(files: readonly FetchedFile[]): Promise<FetchedFile[]> {
  const empty = await Promise.all(
    files.map(async (file) => (await isEmptyList(file)) || (await isBlank(file))),
  );
  return files.filter((_, index) => empty[index] !== true);
}

async function isEmptyList({ path, format }: FetchedFile): Promise<boolean> {
  if (format !== "json" || (await stat(path)).size > bytesMax) return false;
  return /^\uFEFF?\s*\[\s*\]\s*$/u.test(await readFile(path, "utf8"));
}

const blanks: ReadonlySet<number> = new Set(Buffer.from("\uFEFF \t\r\n"));

/** Whether a text file has nothing but blanks and line breaks; of any other only the beginning is read. */
async function isBlank({ path, format, sizeBytes }: FetchedFile): Promise<boolean> {
  // That a file has no bytes at all is told by itself.
  if (format === "parquet" || sizeBytes === 0) return false;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (!chunk.every((byte) => blanks.has(byte))) return false;
  }
  return true;
}
