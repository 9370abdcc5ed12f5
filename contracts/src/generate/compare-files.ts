import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkCompatible } from "../compatibility/check-compatible.ts";
import { asSchema } from "../compatibility/json-schema.ts";
import { generatedFolders } from "./all-files.ts";
import type { GeneratedFile } from "./generated-file.ts";

/** How the files on disk differ from what the contracts say. */
export interface Difference {
  /** Files that are missing or have other content. */
  readonly stale: readonly GeneratedFile[];
  /** Files that nothing generates any more. */
  readonly leftOver: readonly string[];
  /** Changes of published event versions that break somebody, as sentences. */
  readonly breaking: readonly string[];
}

export async function compareFiles(root: string, files: readonly GeneratedFile[]): Promise<Difference> {
  const stale: GeneratedFile[] = [];
  const breaking: string[] = [];
  for (const file of files) {
    const committed = await readIfThere(join(root, file.path));
    if (committed === file.content) continue;
    stale.push(file);
    if (committed !== undefined && file.path.startsWith("schemas/"))
      breaking.push(...breaks(file, committed));
  }
  return { stale, leftOver: await leftOverFiles(root, files), breaking };
}

function breaks({ path, content }: GeneratedFile, committed: string): string[] {
  const type = path.replace(/^schemas\/|\.json$/g, "");
  return checkCompatible(asSchema(JSON.parse(committed)), asSchema(JSON.parse(content))).map(
    (problem) =>
      `${type}: ${problem}. This version is published: define a new major version with an upcast instead.`,
  );
}

async function leftOverFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const expected = new Set(files.map((file) => file.path));
  const found = await Promise.all(
    generatedFolders.map(async (folder) =>
      (await filesOf(join(root, folder))).map((name) => `${folder}/${name}`),
    ),
  );
  return found.flat().filter((path) => !expected.has(path));
}

async function filesOf(folder: string): Promise<string[]> {
  return (await unlessMissing(readdir(folder))) ?? [];
}

function readIfThere(path: string): Promise<string | undefined> {
  return unlessMissing(readFile(path, "utf8"));
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
