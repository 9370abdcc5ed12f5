import { readFile, stat } from "node:fs/promises";
import type { FetchedFile } from "./fetch-batch.ts";

// More than anybody writes around nothing; what is larger is for the engine to read.
const bytesMax = 1024;

/** The files that hold more than an empty JSON list, which has no columns that the engine could read. */
export async function withoutEmptyLists(files: readonly FetchedFile[]): Promise<FetchedFile[]> {
  const empty = await Promise.all(files.map(isEmptyList));
  return files.filter((_, index) => empty[index] !== true);
}

async function isEmptyList({ path, format }: FetchedFile): Promise<boolean> {
  if (format !== "json" || (await stat(path)).size > bytesMax) return false;
  return /^\uFEFF?\s*\[\s*\]\s*$/u.test(await readFile(path, "utf8"));
}
