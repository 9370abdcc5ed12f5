import { randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, reasonOf } from "../errors.ts";
import type { Environment } from "../run-program.ts";
import { inspectNatsBinary, type NatsServerBinary } from "./nats-binary.ts";

const fileName = "nats-server";

/** The newest server in the cache that runs. */
export async function findInCache(cache: string, environment: Environment): Promise<NatsServerBinary> {
  const versions = await readdir(join(cache, fileName)).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
  const newestFirst = versions.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
  const refused: string[] = [];
  for (const version of newestFirst) {
    try {
      return await inspectNatsBinary(join(cache, fileName, version, fileName), environment);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new Error(refused.length === 0 ? "nothing there yet" : refused.join("; "));
}

/**
 * Takes a server over into the cache. The rename makes it appear as a whole, so several processes may do this
 * at once and none ever runs half a file.
 */
export async function keepInCache(
  cache: string,
  path: string,
  environment: Environment,
): Promise<NatsServerBinary> {
  const { version } = await inspectNatsBinary(path, environment);
  const directory = join(cache, fileName, version);
  await mkdir(directory, { recursive: true });
  const target = join(directory, fileName);
  const partial = `${target}.${randomUUID()}`;
  try {
    await copyFile(path, partial);
    await chmod(partial, 0o755);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  return { path: target, version };
}

/** A folder inside the cache for work in progress, removed at the end. */
export async function workDirectory(cache: string): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(cache, { recursive: true });
  const path = await mkdtemp(join(cache, "partial-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
