import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

/** Runs the tests of buckets against versitygw: from VERSITYGW, from PATH, or built by Go. Says so where it cannot. */
const version = "v1.8.0";
const root = resolve(import.meta.dirname, "../../../..");
const tools = join(root, ".cascade", "tools");

const program = process.env.VERSITYGW ?? inPath("versitygw") ?? (await built());
if (program === undefined) {
  console.log("Skipped: there is neither versitygw nor Go to build it with. Set VERSITYGW to the program.");
} else {
  console.log(`Trying buckets on ${program}.`);
  const vitest = [
    "vitest",
    "run",
    "--project",
    "unit",
    "services/ingestion/src/adapters/fetch-from-s3.test.ts",
  ];
  const { status } = spawnSync("npx", vitest, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, VERSITYGW: program },
  });
  process.exitCode = status ?? 1;
}

async function built(): Promise<string | undefined> {
  const target = join(tools, `versitygw-${version}`, "versitygw");
  if (existsSync(target)) return target;
  const go = inPath("go");
  if (go === undefined) return undefined;
  console.log(`Building versitygw ${version} with Go, which takes minutes the first time.`);
  await mkdir(join(target, ".."), { recursive: true });
  const { status } = spawnSync(go, ["install", `github.com/versity/versitygw/cmd/versitygw@${version}`], {
    stdio: "inherit",
    env: { ...process.env, GOBIN: join(target, "..") },
  });
  return status === 0 ? target : undefined;
}

function inPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
