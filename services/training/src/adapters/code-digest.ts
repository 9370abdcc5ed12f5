import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

// What tools put beside the code changes without the program changing.
const left = new Set([
  "node_modules",
  ".git",
  "__pycache__",
  ".venv",
  "venv",
  ".ipynb_checkpoints",
  ".cascade",
]);

export interface DigestLimits {
  readonly files: number;
  readonly bytes: number;
}

/**
 * A digest over the command line and the contents of a trainer's files, so that a run can be repeated. The
 * order of the files does not matter; where they are does neither. A string is the reason for no digest.
 */
export async function codeDigest(
  commandLine: readonly string[],
  sources: readonly string[],
  limits: DigestLimits,
  signal?: AbortSignal,
): Promise<{ readonly digest: string } | { readonly refusal: string }> {
  const files: { name: string; path: string; sizeBytes: number }[] = [];
  for (const source of sources) await collect(source, source, files, limits);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length > limits.files || bytes > limits.bytes) {
    const found = `more than ${limits.files} files or ${limits.bytes} bytes`;
    return { refusal: `The trainer's directory holds ${found}: keep data and environments out of it.` };
  }
  const hash = createHash("sha256").update(JSON.stringify(commandLine));
  for (const { name, path } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`\0${name}\0${await contentDigest(path, signal)}`);
  }
  return { digest: `sha256:${hash.digest("hex")}` };
}

async function collect(
  root: string,
  path: string,
  into: { name: string; path: string; sizeBytes: number }[],
  limits: DigestLimits,
): Promise<void> {
  if (into.length > limits.files || left.has(basename(path))) return;
  const found = await lstat(path);
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await collect(root, join(path, name), into, limits);
    return;
  }
  if (!found.isFile() && !found.isSymbolicLink()) return;
  if (/\.(?:component\.)?test\.ts$/u.test(path)) return;
  into.push({ name: `${basename(root)}/${relative(root, path)}`, path, sizeBytes: found.size });
}

/** A link counts as where it leads to, because what is behind it may not be the trainer's at all. */
async function contentDigest(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  if ((await lstat(path)).isSymbolicLink()) return hash.update(await readlink(path)).digest("hex");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}
