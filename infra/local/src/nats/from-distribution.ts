import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { type Environment, runProgram } from "../run-program.ts";
import { type AptSource, parseSourcesFile, parseSourcesList, writeSourcesFile } from "./apt-sources.ts";
import type { NatsServerBinary } from "./nats-binary.ts";
import { keepInCache, workDirectory } from "./nats-cache.ts";

export interface DistributionOptions {
  readonly cacheDirectory: string;
  readonly environment: Environment;
  readonly aptDirectory: string;
  readonly osReleasePath: string;
  readonly timeoutMs: number;
  onProgress(message: string): void;
}

// The suite that is always newest, which part of it has the package, and what else a mirror's main suite is called.
const distributions = new Map([
  [
    "debian",
    { suite: "sid", component: "main", aliases: ["stable", "oldstable", "testing", "unstable", "sid"] },
  ],
  ["ubuntu", { suite: "devel", component: "universe", aliases: ["devel"] }],
]);

/**
 * Takes the distribution's newest nats-server from the mirror that this machine already uses: a stable release's
 * own is too old. The program is statically linked, so it runs on older releases too. apt works on a state of its
 * own, so this neither needs root nor changes anything on the machine.
 */
export async function takeFromDistribution(options: DistributionOptions): Promise<NatsServerBinary> {
  const { cacheDirectory, environment, timeoutMs } = options;
  const release = await readOsRelease(options.osReleasePath);
  const distribution = distributions.get(release.get("ID") ?? "");
  if (distribution === undefined) throw new Error("this is neither Debian nor Ubuntu");
  const suites = [release.get("VERSION_CODENAME"), ...distribution.aliases];
  const sources = await readSources(options.aptDirectory);
  const source = sources.find((one) => one.suites.some((suite) => suites.includes(suite)));
  if (source === undefined) throw new Error(`${options.aptDirectory} names no mirror of the distribution`);

  await using work = await workDirectory(cacheDirectory);
  const at = (...parts: string[]) => join(work.path, ...parts);
  for (const folder of ["state/lists/partial", "cache/archives/partial", "sources", "package"]) {
    await mkdir(at(folder), { recursive: true });
  }
  await writeFile(
    at("sources", "newest.sources"),
    writeSourcesFile(source, distribution.suite, distribution.component),
  );
  const settings = [
    "Dir::Etc::SourceList=/dev/null",
    `Dir::Etc::SourceParts=${at("sources")}`,
    `Dir::State=${at("state")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${at("cache")}`,
    // As root, apt would fetch as a user of its own that has no way into this folder.
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
    "Acquire::Retries=1",
    "Acquire::http::Timeout=15",
    "Acquire::https::Timeout=15",
  ].flatMap((setting) => ["-o", setting]);
  const apt = (...command: string[]) =>
    runProgram("apt-get", [...settings, "-qq", ...command], { environment, timeoutMs, cwd: work.path });

  options.onProgress(`taking nats-server from ${source.uris[0]} ${distribution.suite}`);
  await apt("update", "--error-on=any");
  await apt("download", "nats-server");
  const file = (await readdir(work.path)).find((name) => name.endsWith(".deb"));
  if (file === undefined) throw new Error("apt-get downloaded nothing");
  await runProgram("dpkg-deb", ["-x", at(file), at("package")], { environment, timeoutMs });
  return await keepInCache(cacheDirectory, at("package", "usr", "sbin", "nats-server"), environment);
}

async function readOsRelease(path: string): Promise<Map<string, string>> {
  const text = await readFile(path, "utf8").catch(() => "");
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, name, value] = /^(\w+)="?([^"]*)"?$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

async function readSources(aptDirectory: string): Promise<AptSource[]> {
  const folder = join(aptDirectory, "sources.list.d");
  const names = (await readdir(folder).catch(whenMissing<string[]>([]))).toSorted();
  const paths = [join(aptDirectory, "sources.list"), ...names.map((name) => join(folder, name))];
  const sources = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, "utf8").catch(whenMissing(""));
      if (path.endsWith(".sources")) return parseSourcesFile(text);
      return path.endsWith(".list") ? parseSourcesList(text) : [];
    }),
  );
  return sources.flat();
}

function whenMissing<T>(value: T) {
  return (error: unknown): T => {
    if (hasCode(error, "ENOENT")) return value;
    throw error;
  };
}
