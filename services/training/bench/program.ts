import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, type Report } from "@cascade/bench";
import { exportGbdt } from "../src/learners/gbdt/export-gbdt.ts";
import { gbdtParametersSchema } from "../src/learners/gbdt/parameters.ts";
import { trainGbdt } from "../src/learners/gbdt/train-gbdt.ts";
import { featureCount, generateRows } from "./generated-rows.ts";
import { startPythonLearner } from "./python-learner.ts";
import { writeColumns, writeParquet } from "./rows-files.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../src/trainers/gbdt.ts", import.meta.url));
const rounds = 7;
const rowCount = 10_000;
const wholeSecondsMax = 0.4;
const trees = 100;

/** A training program from its start to its end, files read and model written; and the export alone. */
export async function benchProgram(report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cascade-bench-program-"));
  try {
    const [train, validation] = [generateRows(rowCount, 1), generateRows(1000, 2)];
    const parameters = { roundsMax: trees, earlyStoppingRounds: 1000 };
    const columns = train.features.columns.map(({ name }) => ({ name, type: "number" }));
    const common = { version: 1, task: "binary", label: "y", seed: 1, timeLimitMs: 600_000 };
    await writeParquet(join(folder, "train.parquet"), train);
    await writeParquet(join(folder, "validation.parquet"), validation);
    await writeFile(join(folder, "request.json"), JSON.stringify({ ...common, columns, parameters }));
    const files = {
      train: join(folder, "rows"),
      fresh: join(folder, "fresh"),
      answers: join(folder, "answers"),
    };
    await writeColumns(files.train, train);
    await writeColumns(files.fresh, validation);

    const [ours, theirs, exports]: [number[], number[], number[]] = [[], [], []];
    const { leavesMax, learningRate, l2, leafRowsMin, childWeightMin } = gbdtParametersSchema.parse({});
    const order = {
      leaves: leavesMax,
      rate: learningRate,
      l2,
      leafRows: leafRowsMin,
      childWeight: childWeightMin,
    };
    let skipped: string | undefined;
    for (let round = 0; round < rounds; round++) {
      ours.push(await secondsOf(() => run(process.execPath, [program], { cwd: folder, env: {} })));
      if (skipped !== undefined) continue;
      const startedAt = performance.now();
      const library = await startPythonLearner("scikit-learn");
      if ("skipped" in library) skipped = library.skipped;
      else {
        await library.fit({ ...files, ...order, columns: featureCount, trees, threads: 1 });
        await library[Symbol.asyncDispose]();
        theirs.push((performance.now() - startedAt) / 1000);
      }
    }
    const trainingSeconds: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now();
      const options = { seed: 1, threadsMax: 1 };
      const { model } = await trainGbdt(train, validation, gbdtParametersSchema.parse(parameters), options);
      const trainedAt = performance.now();
      bytes = exportGbdt(model).length;
      trainingSeconds.push((trainedAt - startedAt) / 1000);
      exports.push((performance.now() - trainedAt) / 1000);
    }
    const value = median(ours);
    const what = "builtin/gbdt from start to model, 10000 rows";
    report.add(
      what,
      { value, unit: "s", reference: "limit", referenceValue: wholeSecondsMax },
      { atMost: 1 },
    );
    if (skipped !== undefined) process.stdout.write(`scikit-learn skipped: ${skipped}\n`);
    else {
      const other = { reference: "scikit-learn, no model written", referenceValue: median(theirs) };
      report.add(`${what}, beside scikit-learn`, { value, unit: "s", ...other }, { atMost: 0.8 });
    }
    const seconds = median(exports);
    process.stdout.write(
      `export: ${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ${(1 / seconds).toFixed(0)} models/s\n`,
    );
    report.add(
      `export of ${trees} trees`,
      { value: seconds, unit: "s", reference: "their training", referenceValue: median(trainingSeconds) },
      { atMost: 0.1 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
