import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Report } from "@cascade/bench";
import { scoreRows } from "../src/learners/gbdt/gbdt-model.ts";
import { type GbdtParameters, gbdtParametersSchema } from "../src/learners/gbdt/parameters.ts";
import { trainGbdt } from "../src/learners/gbdt/train-gbdt.ts";
import { areaUnderCurve } from "../src/learners/metrics.ts";
import type { LabelledTable } from "../src/learners/table.ts";
import { featureCount, generateRows } from "./generated-rows.ts";
import { type FitTime, libraries, type PythonLearner, startPythonLearner } from "./python-learner.ts";
import { writeColumns } from "./rows-files.ts";

/** Each round has rows of its own, so that a difference in quality is not one sample's luck. */
const seeds = [1, 2, 3, 4, 5];
const threadCounts = [1, 2];
const freshRows = 50_000;
/** Our learner looks at validation rows after each round; the others are not asked to. */
const validationRows = 1000;
const parameters = gbdtParametersSchema.parse({ roundsMax: 100, earlyStoppingRounds: 1000 });
/** Times at most this many times the library's. */
const timeGoals = { "scikit-learn": 0.8, xgboost: 1, lightgbm: 1.2 } as const;
/** An area under the curve that is behind by less is as good. */
const areaBehindMax = 0.002;

interface Fit extends FitTime {
  readonly area: number;
}

/** Trees by our learner beside those of others: same rows, same parameters, in turns. */
export async function benchLearners(report: Report): Promise<void> {
  const sizes = (process.env.CASCADE_BENCH_LEARN_ROWS ?? "10000,100000,1000000").split(",").map(Number);
  const folder = await mkdtemp(join(tmpdir(), "cascade-bench-learn-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true }));
  const peers: PythonLearner[] = [];
  for (const library of libraries) {
    const started = await startPythonLearner(library);
    if ("skipped" in started) process.stdout.write(`${library} skipped: ${started.skipped}\n`);
    else peers.push(stack.use(started));
  }
  for (const rowCount of sizes) await compareAt(rowCount, peers, folder, report);
}

async function compareAt(
  rowCount: number,
  peers: readonly PythonLearner[],
  folder: string,
  report: Report,
): Promise<void> {
  const files = {
    train: join(folder, "train"),
    fresh: join(folder, "fresh"),
    answers: join(folder, "answers"),
  };
  const fits = new Map<string, Fit[]>();
  const keep = (who: string, threads: number, fit: Fit) => {
    const key = `${who} ${threads}`;
    fits.set(key, [...(fits.get(key) ?? []), fit]);
  };
  // The first seed is done twice: its first time warms all and is not counted.
  for (const [round, seed] of [0, ...seeds].entries()) {
    const train = generateRows(rowCount, seed * 3 + 1);
    const validation = generateRows(validationRows, seed * 3 + 2);
    const fresh = generateRows(freshRows, seed * 3 + 3);
    await writeColumns(files.train, train);
    await writeColumns(files.fresh, fresh);
    for (const threads of threadCounts) {
      const ours = await fitOurs(train, validation, fresh, threads);
      if (round > 0) keep("ours", threads, ours);
      for (const peer of peers) {
        const time = await peer.fit({ ...files, ...orderOf(parameters), threads });
        const answers = new Float64Array(new Uint8Array(await readFile(files.answers)).buffer);
        const area = areaUnderCurve(fresh.label.values, answers) ?? Number.NaN;
        if (round > 0) keep(peer.library, threads, { ...time, area });
      }
    }
  }
  const owners = ["ours", ...peers.map(({ library }) => library)];
  for (const threads of threadCounts) {
    const label = `${rowCount} rows, ${threads} thread${threads > 1 ? "s" : ""}`;
    const timeOf = (who: string, what: keyof FitTime) =>
      median((fits.get(`${who} ${threads}`) ?? []).map((fit) => fit[what]));
    const processor = owners.map((who) => `${who} ${timeOf(who, "processorSeconds").toFixed(2)}`);
    process.stdout.write(`${label}, seconds of processors: ${processor.join(", ")}\n`);
    for (const { library } of peers) {
      const [value, referenceValue] = [timeOf("ours", "seconds"), timeOf(library, "seconds")];
      const atMost = timeGoals[library];
      report.add(
        `${label}, beside ${library}`,
        { value, unit: "s", reference: library, referenceValue },
        { atMost },
      );
    }
  }
  for (const { library } of peers) addQuality(rowCount, library, fits, report);
}

/** By how much our area is behind, in pairs of the same rows; threads change no model of ours. */
function addQuality(
  rowCount: number,
  library: string,
  fits: ReadonlyMap<string, Fit[]>,
  report: Report,
): void {
  const theirs = fits.get(`${library} 1`) ?? [];
  const behind = (fits.get("ours 1") ?? []).map(({ area }, index) => (theirs[index]?.area ?? 0) - area);
  const mean = behind.reduce((sum, value) => sum + value, 0) / behind.length;
  const variance = behind.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (behind.length - 1);
  const error = Math.sqrt(variance / behind.length);
  process.stdout.write(
    `${rowCount} rows: area behind ${library} ${mean.toFixed(5)} ± ${error.toFixed(5)} over ${behind.length} seeds\n`,
  );
  report.add(
    `${rowCount} rows: area under the curve behind ${library}`,
    { value: mean, unit: "", reference: "limit", referenceValue: areaBehindMax },
    { atMost: 1 },
  );
}

async function fitOurs(
  train: LabelledTable,
  validation: LabelledTable,
  fresh: LabelledTable,
  threadsMax: number,
): Promise<Fit> {
  const busy = process.cpuUsage();
  const startedAt = performance.now();
  const { model } = await trainGbdt(train, validation, parameters, { seed: 1, threadsMax });
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(busy);
  const area = areaUnderCurve(fresh.label.values, scoreRows(model, fresh.features)) ?? Number.NaN;
  return { seconds, processorSeconds: (user + system) / 1e6, area };
}

function orderOf({ roundsMax, leavesMax, learningRate, l2, leafRowsMin, childWeightMin }: GbdtParameters) {
  return {
    columns: featureCount,
    trees: roundsMax,
    leaves: leavesMax,
    rate: learningRate,
    l2,
    leafRows: leafRowsMin,
    childWeight: childWeightMin,
  };
}
