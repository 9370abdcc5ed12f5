import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openTabular } from "@cascade/tabular";
import { takeBytes } from "../adapters/take-bytes.ts";

/**
 * Takes a CSV file of rows by 20 columns in as the service does, with its settings, and prints how long each step took
 * and how much memory the service and its child processes had at most: `npm run measure:ingest -- [rows]`. Linux only.
 */
const rows = Number(process.argv[2] ?? 10_000_000);
const mebibyte = 1024 ** 2;
const folder = await mkdtemp(join(tmpdir(), "cascade-large-"));
try {
  const source = join(folder, "large.csv");
  await timed("written", () => pipeline(lines(rows), createWriteStream(source)));
  console.log(`${rows} rows, 20 columns, ${Math.round((await stat(source)).size / mebibyte)} MiB of CSV`);

  const work = join(folder, "work");
  await mkdir(work);
  // The defaults of the service, see config.ts.
  const tabular = openTabular({
    processes: 2,
    threads: 2,
    memoryLimitMiB: 1024,
    timeoutMs: 3_600_000,
    temporaryDirectory: work,
  });
  const watching = watchMemory();
  const [input, output] = [join(folder, "file-0"), join(folder, "table.parquet")];
  const room = 64 * 1024 * mebibyte;
  await timed("copied and hashed", () =>
    takeBytes(createReadStream(source), {
      ...{ uri: source, target: input, signal: new AbortController().signal },
      ...{ bytesLeft: room, bytesMax: room, ratioMax: 200 },
    }),
  );
  const table = await timed("made a Parquet table", () =>
    tabular.toParquet({
      files: [{ path: input, format: "csv" }],
      output,
      limits: { rows: 2 * rows, columns: 100, bytes: room },
    }),
  );
  const peaks = await watching.stop();
  await tabular.close();
  if (table.rowCount !== rows) throw new Error(`the table has ${table.rowCount} rows`);
  console.log(`${Math.round(table.sizeBytes / mebibyte)} MiB of Parquet`);
  console.log(`at most ${peaks.total} MiB in all: ${peaks.own} the service, ${peaks.children} its children`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Columns of all types, with few and with many different values. */
function* lines(count: number): Generator<string> {
  const cities = ["Oslo", "Rome", "Lima", "Kyiv", "Bern", "Ulm", "Nice", "Köln"];
  const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
  let block = `${names.join(",")}\n`;
  for (let row = 0; row < count; row++) {
    const a = Math.imul(row, 2_654_435_761) >>> 0;
    const b = Math.imul(a ^ (a >>> 15), 2_246_822_519) >>> 0;
    const time = new Date(1_700_000_000_000 + row * 977).toISOString();
    block += `${row},${time},${cities[a & 7]},${a},${b},${a / 1000},${b / 7},${(a & 1) === 0},${b & 1023},id-${a}-${b},`;
    block += `${a & 15},${(b & 255) / 4},${cities[b & 7]} ${a & 63},${(b & 3) === 0 ? "" : a & 127},${a % 97},${b % 89},${time.slice(0, 10)},${(a % 1000) / 100},text ${b & 4095},${a ^ b}\n`;
    if (block.length > 64 * 1024) {
      yield block;
      block = "";
    }
  }
  yield block;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  const result = await work();
  console.log(`${what} in ${((performance.now() - since) / 1000).toFixed(1)} s`);
  return result;
}

/** The memory of this process and of all that it has started, as the system counts it. */
function watchMemory() {
  const peaks = { own: 0, children: 0, total: 0 };
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const own = await residentMiB(process.pid);
    let children = 0;
    for (const pid of await descendants(process.pid)) children += await residentMiB(pid);
    peaks.own = Math.max(peaks.own, own);
    peaks.children = Math.max(peaks.children, children);
    peaks.total = Math.max(peaks.total, own + children);
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, 100);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      return peaks;
    },
  };
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/VmRSS:\s+(\d+) kB/u.exec(status)?.[1] ?? 0) / 1024);
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const file = `/proc/${name}/stat`;
    if (!/^\d+$/u.test(name) || !existsSync(file)) continue;
    const text = await readFile(file, "utf8").catch(() => "");
    parents.set(Number(name), Number(/\) \S (\d+) /u.exec(text)?.[1] ?? 0));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent !== 0 && (parent === root || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}
