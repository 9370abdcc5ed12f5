import { open, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchCascade } from "../../e2e/bench/cascade.ts";
import { benchPredictions } from "../../e2e/bench/predictions.ts";
import { benchTrainingRun } from "../../e2e/bench/training-run.ts";
import { benchThroughput } from "../../libs/messaging/bench/throughput.ts";
import { benchCsv, benchData } from "../../libs/tabular/bench/data.ts";
import { benchLearners } from "../../services/training/bench/learn.ts";
import { benchProgram } from "../../services/training/bench/program.ts";
import { median, Report } from "./report.ts";

const usage = `npm run bench -- [AREA …] [--json FILE]

  cascade   overhead of a whole cascade; events per second through outbox, JetStream and inbox
  data      knowing 10 million rows (or CASCADE_BENCH_ROWS): profile, rules, drift sketches, memory
  learn     trees beside scikit-learn, XGBoost and LightGBM; what a run costs beside its program; export
  live      predictions per second and latency

Every figure stands beside the limit measured in the same run: only the ratios count.
`;

const areas: Readonly<Record<string, readonly ((report: Report) => Promise<void>)[]>> = {
  cascade: [benchCascade, benchThroughput],
  data: [benchData, benchCsv],
  learn: [benchProgram, benchTrainingRun, benchLearners],
  live: [benchPredictions],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, help: { type: "boolean", default: false } },
});
const unknown = positionals.filter((area) => areas[area] === undefined);
if (values.help || unknown.length > 0) {
  process.stdout.write(unknown.length > 0 ? `There is no area ${unknown.join(", ")}.\n\n${usage}` : usage);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const report = new Report();
  process.stdout.write(
    `${cpus().length} cores, Node ${process.version}, fdatasync of 4 kB: ${await probeDisk()} ms\n`,
  );
  for (const area of positionals.length > 0 ? positionals : Object.keys(areas)) {
    for (const bench of areas[area] ?? []) await bench(report);
  }
  process.stdout.write(`\n${report.table()}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report.figures, null, 2)}\n`);
}

/** How long this disk takes to keep a promise: what durable figures depend on. */
async function probeDisk(): Promise<string> {
  const path = join(tmpdir(), `cascade-probe-${process.pid}`);
  const file = await open(path, "w");
  const times: number[] = [];
  try {
    for (let round = 0; round < 50; round++) {
      const startedAt = performance.now();
      await file.write(Buffer.alloc(4096, round), 0, 4096, 0);
      await file.datasync();
      times.push(performance.now() - startedAt);
    }
  } finally {
    await file.close();
    await rm(path);
  }
  return median(times).toFixed(2);
}
