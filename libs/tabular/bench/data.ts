import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Report } from "@cascade/bench";
import { openWorkerPool } from "@cascade/sandbox";
import { openTabular } from "../src/open-tabular.ts";
import { childrenNow, peakOf } from "./peak-memory.ts";
import { type Peer, runPeer } from "./python-peers.ts";
import { rules } from "./rules.ts";
import { writeTable } from "./write-table.ts";

const rounds = 5;
const threads = 2;
const peakMbMax = 256;

/** What it costs to know a table, beside a plain read of the same file: CASCADE_BENCH_ROWS rows of 20 columns. */
export async function benchData(report: Report): Promise<void> {
  const rowCount = Number(process.env.CASCADE_BENCH_ROWS ?? 10_000_000);
  const folder = await mkdtemp(join(tmpdir(), "cascade-bench-data-"));
  const path = join(folder, "table.parquet");
  const grownPath = join(folder, "grown.parquet");
  const windowPath = join(folder, "window.parquet");
  const common = { timeoutMs: 600_000 };
  const memoryLimitMiB = Number(process.env.CASCADE_BENCH_MEMORY_MIB ?? 512);
  const tabular = openTabular({
    processes: 1,
    threads,
    memoryLimitMiB,
    temporaryDirectory: folder,
    ...common,
  });
  const module = new URL("./plain-read-worker.ts", import.meta.url);
  const reader = openWorkerPool({ module, size: 1, memoryLimitMiB: 1024, ...common });
  const access = { reads: [path], writes: [], threads, memoryLimitMiB: 512, temporaryDirectory: folder };
  try {
    await writeTable(path, 0, rowCount);
    await writeTable(grownPath, 0, Math.round(rowCount * 1.01));
    await writeTable(windowPath, rowCount, rowCount * 1.5);
    const { sketch: known } = await tabular.sketch({ path });
    const ours = await childrenNow();
    const seconds = { read: [], full: [], grown: [], drift: [] } as Record<string, number[]>;
    for (let round = 0; round <= rounds; round++) {
      const found = {
        read: await secondsOf(() => reader.call("plainRead", { access, path })),
        full: await secondsOf(async () => {
          const { profile } = await tabular.sketch({ path });
          await tabular.check({ path, expectations: rules, profile });
        }),
        grown: await secondsOf(() => tabular.sketch({ path: grownPath, known })),
        drift: await secondsOf(() => tabular.drift({ path: windowPath, reference: known })),
      };
      // The first round warms all.
      if (round > 0) for (const [what, value] of Object.entries(found)) seconds[what]?.push(value);
    }
    process.stdout.write(`data: ${rounds} interleaved rounds over ${rowCount} rows of 20 columns\n`);
    const of = (what: string) => median(seconds[what] ?? []);
    const compare = (
      name: string,
      value: number,
      reference: string,
      referenceValue: number,
      atMost: number,
    ) => report.add(name, { value, unit: "s", reference, referenceValue }, { atMost });
    compare("profile, 20 rules and drift sketches", of("full"), "plain read by DuckDB", of("read"), 3);
    compare("the same of a version that grew by 1 %", of("grown"), "of all of it", of("full"), 0.03);
    if (ours !== undefined)
      report.add(
        "peak memory of all this",
        { value: await peakOf(ours), unit: "MB", reference: "limit", referenceValue: peakMbMax },
        { atMost: 1 },
      );
    const drifts = await tabular.drift({ path: windowPath, reference: known });
    report.add(
      "largest error of a drift distance",
      {
        value: Math.max(...drifts.map(({ error }) => error)),
        unit: "",
        reference: "limit",
        referenceValue: 0.005,
      },
      { atMost: 1 },
    );
    const faster: readonly (readonly [Peer, string, number, number])[] = [
      ["pandas", "profile and rules", of("full"), 1 / 8],
      ["polars", "profile and rules", of("full"), 1 / 5],
      ["pandera", "profile and rules", of("full"), 1],
      ["great_expectations", "profile and rules", of("full"), 1],
      ["scipy", "drift of a window", of("drift"), 1 / 20],
      ["evidently", "drift of a window", of("drift"), 1],
    ];
    for (const [peer, what, value, atMost] of faster) {
      const found = await runPeer(peer, path, windowPath);
      if ("skipped" in found) process.stdout.write(`${peer} skipped: ${found.skipped}\n`);
      else
        compare(
          `${what}, beside ${peer}`,
          value,
          `${peer}, ${Math.round(found.peakMb)} MB`,
          found.seconds,
          atMost,
        );
    }
  } finally {
    await Promise.all([tabular.close(), reader.close()]);
    await rm(folder, { recursive: true });
  }
}

/** CSV to Parquet, a tenth of the rows: what ingestion does beside what the engine does by itself. */
export async function benchCsv(report: Report): Promise<void> {
  const rowCount = Number(process.env.CASCADE_BENCH_ROWS ?? 10_000_000) / 10;
  const folder = await mkdtemp(join(tmpdir(), "cascade-bench-csv-"));
  const common = { timeoutMs: 600_000, memoryLimitMiB: 1024 };
  const tabular = openTabular({ processes: 1, threads, temporaryDirectory: folder, ...common });
  const module = new URL("./plain-read-worker.ts", import.meta.url);
  const plain = openWorkerPool({ module, size: 1, ...common });
  const [path, output] = [join(folder, "table.csv"), join(folder, "table.parquet")];
  const limits = { rows: rowCount, columns: 20, bytes: 2 ** 40 };
  const access = {
    reads: [path],
    writes: [output],
    threads,
    memoryLimitMiB: 512,
    temporaryDirectory: folder,
  };
  try {
    await writeTable(path, 0, rowCount, "csv");
    const seconds: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let round = 0; round <= rounds; round++) {
      const theirs = await secondsOf(() => plain.call("plainCopy", { access, path, output }));
      await rm(output);
      const ours = await secondsOf(() =>
        tabular.toParquet({ files: [{ path, format: "csv" }], output, limits }),
      );
      await rm(output);
      if (round === 0) continue;
      seconds.theirs.push(theirs);
      seconds.ours.push(ours);
    }
    const reference = "DuckDB's own";
    report.add(
      "CSV to Parquet",
      { value: median(seconds.ours), unit: "s", reference, referenceValue: median(seconds.theirs) },
      { atMost: 1 },
    );
  } finally {
    await Promise.all([tabular.close(), plain.close()]);
    await rm(folder, { recursive: true });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
