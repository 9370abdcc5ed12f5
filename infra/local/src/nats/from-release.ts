import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { type Environment, runProgram } from "../run-program.ts";
import type { NatsServerBinary } from "./nats-binary.ts";
import { keepInCache, workDirectory } from "./nats-cache.ts";

/** The version that the guarantees of this project were measured with. */
export const pinnedRelease = "v2.15.1";

export const officialReleasesUrl = "https://github.com/nats-io/nats-server/releases/download";

interface ReleaseOptions {
  readonly cacheDirectory: string;
  readonly environment: Environment;
  readonly releasesUrl: string;
  readonly connectTimeoutMs: number;
  readonly downloadTimeoutMs: number;
  onProgress(message: string): void;
}

/** Downloads the pinned official release and checks it against the release's own list of digests. */
export async function takeFromRelease(options: ReleaseOptions): Promise<NatsServerBinary> {
  const { cacheDirectory, environment, releasesUrl } = options;
  const folder = `nats-server-${pinnedRelease}-${releasePlatform()}`;
  const archive = `${folder}.tar.gz`;

  // The short list comes first: where there is no way to the internet, it fails soon.
  const sums = await download(`${releasesUrl}/${pinnedRelease}/SHA256SUMS`, options.connectTimeoutMs);
  const wanted = digestIn(sums.toString("utf8"), archive);
  options.onProgress(`downloading ${archive}`);
  const content = await download(`${releasesUrl}/${pinnedRelease}/${archive}`, options.downloadTimeoutMs);
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual !== wanted) {
    throw new Error(`${archive} has the digest ${actual}, but the release lists ${wanted}: not used`);
  }

  await using work = await workDirectory(cacheDirectory);
  const archivePath = join(work.path, archive);
  await writeFile(archivePath, content);
  await runProgram("tar", ["-xzf", archivePath, "-C", work.path], { environment, timeoutMs: 60_000 });
  return await keepInCache(cacheDirectory, join(work.path, folder, "nats-server"), environment);
}

function releasePlatform(): string {
  const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
  const architecture = architectures[arch()];
  if (architecture === undefined || !["linux", "darwin"].includes(platform())) {
    throw new Error(`there is no release that we know for ${platform()} on ${arch()}`);
  }
  return `${platform()}-${architecture}`;
}

function digestIn(sums: string, archive: string): string {
  for (const line of sums.split("\n")) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === archive && digest !== undefined && /^[0-9a-f]{64}$/.test(digest)) return digest;
  }
  throw new Error(`the release lists no digest for ${archive}`);
}

async function download(url: string, timeoutMs: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
