import { mkdtemp, rm } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { tabularErrors } from "./errors.ts";

/** Refuses paths that the engine would read as a pattern, an address or relative to its own folder. */
export function checkPath(path: string): void {
  if (!isAbsolute(path)) throw tabularErrors.pathUnusable(path, "it is not absolute");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to refuse.
  if (/[*?[\]{}\u0000-\u001f]/.test(path))
    throw tabularErrors.pathUnusable(path, "it has a wildcard or control character");
}

/** Refuses an output that would overwrite an input or another output while it is in use. */
export function checkOutputs(reads: readonly string[], writes: readonly string[]): void {
  const taken = new Set(reads.map((path) => normalize(path)));
  for (const path of writes) {
    if (taken.has(normalize(path)))
      throw tabularErrors.pathUnusable(path, "it is named twice, as input or output");
    taken.add(normalize(path));
  }
}

/**
 * Gives one call a folder for what does not fit into memory, and removes it and, when the call fails, its
 * half-written outputs. This is the parent's work because the child may have been killed.
 */
export async function withCallFolder<T>(
  root: string,
  outputs: readonly string[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(root, "tabular-"));
  try {
    return await work(folder);
  } catch (error) {
    for (const output of outputs) await rm(output, { force: true });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
