import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { GateResult, Metrics } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import { type ChampionComparison, failedFirst, judgeGate, judgeSize } from "../domain/gates.ts";
import { isSliced, judgeSliced, type MeasuredSlice, slicedColumn } from "../domain/judge-slices.ts";
import { meterOf } from "../domain/meter-of.ts";
import { judgeParity } from "../domain/parity.ts";
import type { EvaluationPlan } from "../domain/plan-evaluation.ts";
import { drawHoldout, type Uncertainty } from "../domain/uncertainty.ts";
import type { Verdict } from "../domain/verdict.ts";
import { compareChampion } from "./compare-champion.ts";
import { type Holdout, openHoldout } from "./holdout.ts";
import { measureSlices } from "./measure-slices.ts";
import { answerSamples, readSamples } from "./samples.ts";
import { type Scoring, type ScoringContext, scoreHoldout } from "./score-model.ts";
import { storeReference } from "./store-reference.ts";
import { isUnusableInput } from "./unusable-input.ts";

/**
 * Scores a candidate and the champion on the same holdout and judges every gate. Bytes that are lost or
 * damaged do not come back by waiting: that is a failed gate.
 */
export async function evaluate(plan: EvaluationPlan, deps: Deps, context: JobContext): Promise<Verdict> {
  try {
    return await judge(plan, deps, context);
  } catch (error) {
    if (!isUnusableInput(error)) throw error;
    const gate = "the holdout and the model can be read";
    const gates = [{ gate, passed: false, detail: error.message }];
    const report = { version: 1, evaluationId: plan.evaluationId, runId: plan.run.runId, gates };
    return { metrics: {}, gates, report: await deps.store.putJson(report) };
  }
}

async function judge(plan: EvaluationPlan, deps: Deps, context: JobContext): Promise<Verdict> {
  const { store, tabular, sandbox, config } = deps;
  const { candidate, trainingSet } = plan.run;
  const { signal, progress } = context;
  const scoringContext: ScoringContext = {
    sandbox,
    signal,
    batchRows: config.batchRows,
    modelBytesMax: config.modelBytesMax,
  };
  await using folder = await openWorkingFolder(deps.workDirectory);
  progress({ message: "fetching the candidate and its holdout", share: 0 });
  const holdoutPath = join(folder.path, "holdout.parquet");
  await rename(await store.fetchToFile(trainingSet.holdout, folder.path, { signal }), holdoutPath);
  const modelPath = join(folder.path, "candidate.onnx");
  await rename(await store.fetchToFile(candidate.model, folder.path, { signal }), modelPath);
  const holdout = await openHoldout(tabular, holdoutPath, trainingSet, signal);

  progress({ message: `scoring the candidate on ${holdout.rowCount} rows`, share: 0.2 });
  const scoring = await scoreHoldout(candidate, modelPath, holdout, scoringContext);
  const { meter, labelGate } =
    "refusal" in scoring ? {} : meterOf(candidate, scoring.answers, holdout.labels);
  const metrics = meter?.measure() ?? {};
  const samples = await readSamples(plan.run.samplePredictions, store, config.samplesBytesMax);
  const sampleAnswers =
    samples === undefined ? undefined : await answerSamples(samples, candidate, modelPath, scoringContext);

  progress({ message: "comparing with the champion", share: 0.6 });
  const compared = await compareChampion(plan, holdout, folder.path, deps, scoringContext);
  const drawn =
    meter &&
    (await drawHoldout(
      { candidate: meter, champion: compared.meter },
      { drawsMax: config.drawsMax, seed: plan.run.seed, signal },
    ));
  const { champion } = compared;
  const slices =
    meter &&
    (await measureSlices(plan.gates, candidate, holdout, { candidate: meter, champion: compared.meter }));
  const gates = failedFirst([
    loadGate(scoring, holdout),
    judgeParity(samples, sampleAnswers),
    ...(labelGate === undefined ? [] : [labelGate]),
    judgeSize(candidate.model.sizeBytes, plan.maxModelBytes),
    ...plan.gates.map((gate) =>
      isSliced(gate)
        ? judgeSliced(gate, slices?.get(slicedColumn(gate)) ?? [], champion)
        : judgeGate(gate, metrics, champion, holdout.rowCount, drawn?.difference),
    ),
  ]);

  progress({ message: "writing the report", share: 0.8 });
  const reference =
    "refusal" in scoring
      ? undefined
      : await storeReference(candidate, scoring.answers, trainingSet, folder.path, deps, signal);
  const report = await store.putJson(
    reportOf({ plan, metrics, champion, gates, scoring, holdout, uncertainty: drawn?.uncertainty, slices }),
  );
  const comparedMetrics = championMetrics(champion);
  return {
    metrics,
    gates,
    report,
    ...(comparedMetrics === undefined ? {} : { champion: comparedMetrics }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function loadGate(scoring: Scoring, { rowCount }: Holdout): GateResult {
  const gate = "the model answers every holdout row";
  if ("refusal" in scoring) return { gate, passed: false, detail: scoring.refusal.slice(0, 8000) };
  const detail = `${rowCount} rows in ${Math.round(scoring.runMs)} ms, loaded in ${Math.round(scoring.loadMs)} ms`;
  return { gate, passed: true, detail };
}

function championMetrics(champion: ChampionComparison): { version: number; metrics: Metrics } | undefined {
  if (champion.kind !== "scored" && champion.kind !== "recorded") return undefined;
  return { version: champion.version, metrics: champion.metrics };
}

interface Judged {
  readonly plan: EvaluationPlan;
  readonly metrics: Metrics;
  readonly champion: ChampionComparison;
  readonly gates: readonly GateResult[];
  readonly scoring: Scoring;
  readonly holdout: Holdout;
  readonly uncertainty: Uncertainty | undefined;
  readonly slices: ReadonlyMap<string, readonly MeasuredSlice[]> | undefined;
}

/** The whole answer, for people and for tools. */
function reportOf({ plan, metrics, champion, gates, scoring, holdout, uncertainty, slices }: Judged): object {
  const { runId, candidate, trainingSet, metrics: reported } = plan.run;
  return {
    version: 1,
    evaluationId: plan.evaluationId,
    runId,
    primaryMetric: plan.primaryMetric,
    model: candidate.model,
    holdout: { artifact: trainingSet.holdout, rows: holdout.rowCount },
    metrics,
    ...(uncertainty === undefined ? {} : { uncertainty }),
    ...(slices === undefined || slices.size === 0 ? {} : { slices: Object.fromEntries(slices) }),
    reportedByTrainer: reported,
    champion,
    gates,
    timing: "refusal" in scoring ? null : { loadMs: scoring.loadMs, runMs: scoring.runMs },
  };
}
