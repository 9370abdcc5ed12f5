import { stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { defaultCacheDirectory } from "../cache-directory.ts";
import { LocalError, reasonOf } from "../errors.ts";
import type { Environment } from "../run-program.ts";
import { takeFromDistribution } from "./from-distribution.ts";
import { officialReleasesUrl, pinnedRelease, takeFromRelease } from "./from-release.ts";
import { inspectNatsBinary, type NatsServerBinary } from "./nats-binary.ts";
import { findInCache } from "./nats-cache.ts";

export interface FindNatsServerOptions {
  /** NATS_SERVER_BIN, PATH, XDG_CACHE_HOME and HOME are looked at, and the programs that are run get all of it. */
  readonly environment: Environment;
  /** Where downloads are kept; by default `cascade` in the user's cache folder. */
  readonly cacheDirectory?: string;
  /** The release's folder is looked for below; a company's mirror may stand in. */
  readonly releasesUrl?: string;
  readonly aptDirectory?: string;
  readonly osReleasePath?: string;
  readonly connectTimeoutMs?: number;
  readonly downloadTimeoutMs?: number;
  onProgress?(message: string): void;
}

/**
 * Finds a NATS server of version 2.10 or newer, or fetches one into the cache: from the pinned official release,
 * else from the distribution's mirror. Fails with one error that tells what was tried.
 */
export async function findNatsServer(options: FindNatsServerOptions): Promise<NatsServerBinary> {
  const { environment } = options;
  const configured = environment.NATS_SERVER_BIN;
  // A choice made by hand is either followed or refused, never silently replaced.
  if (configured !== undefined && configured !== "") return await useConfigured(configured, environment);

  const cacheDirectory = options.cacheDirectory ?? defaultCacheDirectory(environment);
  const downloads = {
    cacheDirectory,
    environment,
    onProgress: (message: string) => options.onProgress?.(message),
  };
  const ways: readonly [string, () => Promise<NatsServerBinary>][] = [
    ["PATH", () => findOnPath(environment)],
    [`the cache ${cacheDirectory}`, () => findInCache(cacheDirectory, environment)],
    [
      `release ${pinnedRelease}`,
      () =>
        takeFromRelease({
          ...downloads,
          releasesUrl: options.releasesUrl ?? officialReleasesUrl,
          connectTimeoutMs: options.connectTimeoutMs ?? 3000,
          downloadTimeoutMs: options.downloadTimeoutMs ?? 120_000,
        }),
    ],
    [
      "the distribution's package",
      () =>
        takeFromDistribution({
          ...downloads,
          aptDirectory: options.aptDirectory ?? "/etc/apt",
          osReleasePath: options.osReleasePath ?? "/etc/os-release",
          timeoutMs: options.downloadTimeoutMs ?? 120_000,
        }),
    ],
  ];
  const failures: string[] = [];
  for (const [name, find] of ways) {
    try {
      return await find();
    } catch (error) {
      failures.push(`  - ${name}: ${reasonOf(error)}`);
    }
  }
  throw new LocalError(
    "NATS_SERVER_NOT_FOUND",
    [
      "No NATS server was found, and none could be fetched:",
      ...failures,
      "Install nats-server 2.10 or newer (https://docs.nats.io/running-a-nats-service/introduction/installation)",
      "so that it is on PATH, or set NATS_SERVER_BIN to its path.",
    ].join("\n"),
  );
}

async function useConfigured(path: string, environment: Environment): Promise<NatsServerBinary> {
  try {
    return await inspectNatsBinary(path, environment);
  } catch (error) {
    throw new LocalError(
      "NATS_SERVER_BIN_UNUSABLE",
      `NATS_SERVER_BIN names a server that cannot be used: ${reasonOf(error)}. Correct it, or unset it to have one found.`,
      { cause: error },
    );
  }
}

async function findOnPath(environment: Environment): Promise<NatsServerBinary> {
  const refused: string[] = [];
  for (const folder of (environment.PATH ?? "").split(delimiter)) {
    const path = join(folder, "nats-server");
    const found = await stat(path).catch(() => undefined);
    if (folder === "" || found?.isFile() !== true) continue;
    try {
      return await inspectNatsBinary(path, environment);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new Error(refused.length === 0 ? "no nats-server there" : refused.join("; "));
}
