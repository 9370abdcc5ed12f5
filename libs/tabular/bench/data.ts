import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Report } from "@cascade/bench";
import { openWorkerPool } from "@cascade/sandbox";
import { openTabular } from "../src/open-tabular.ts";
import { peakOfChildren } from "./peak-memory.ts";
import { rules } from "./rules.ts";
import { writeTable } from "./write-table.ts";

const rounds = 5;
const threads = 2;
const memoryLimitMiB = 1024;

/** What it costs to know a table, beside a plain read of the same file: CASCADE_BENCH_ROWS rows of 20 columns. */
export async function benchData(report: Report): Promise<void> {
  const rowCount = Number(process.env.CASCADE_BENCH_ROWS ?? 10_000_000);
  const folder = await mkdtemp(join(tmpdir(), "cascade-bench-data-"));
  const path = join(folder, "table.parquet");
  const limits = { memoryLimitMiB, timeoutMs: 600_000 };
  const tabular = openTabular({ processes: 1, threads, temporaryDirectory: folder, ...limits });
  const module = new URL("./plain-read-worker.ts", import.meta.url);
  const reader = openWorkerPool({ module, size: 1, ...limits });
  const access = { reads: [path], writes: [], threads, memoryLimitMiB: 512, temporaryDirectory: folder };
  try {
    await writeTable(path, 0, rowCount);
    const plain: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const read = await secondsOf(() => reader.call("plainRead", { access, path }));
      const known = await secondsOf(async () => {
        const profile = await tabular.profile({ path });
        const { columns } = profile;
        await tabular.check({ path, expectations: rules, profile });
        const numeric = columns.filter(({ type }) => type === "integer" || type === "number");
        await tabular.reference({
          path,
          columns: numeric.map(({ name }) => ({ name, kind: "numeric" })),
          bins: 10,
        });
      });
      // The first round warms both.
      if (round === 0) continue;
      plain.push(read);
      ours.push(known);
    }
    process.stdout.write(`data: ${rounds} interleaved rounds over ${rowCount} rows of 20 columns\n`);
    report.add(
      "profile, 20 rules and drift sketches",
      {
        value: median(ours),
        unit: "s",
        reference: "plain read by DuckDB",
        referenceValue: median(plain),
      },
      { atMost: 3 },
    );
    const peak = await peakOfChildren();
    if (peak !== undefined)
      report.add(
        "peak memory of it",
        { value: peak, unit: "MB", reference: "limit", referenceValue: 256 },
        { atMost: 1 },
      );
  } finally {
    await Promise.all([tabular.close(), reader.close()]);
    await rm(folder, { recursive: true });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
