import { execFile } from "node:child_process";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { openArtifactStore } from "@cascade/artifacts";
import { median, type Report } from "@cascade/bench";
import { openSession } from "@cascade/cli";
import {
  type AnyEventDefinition,
  DataArrivedV2,
  EvaluationFailedV1,
  FeatureViewMaterializedV1,
  PipelineSubmittedV1,
  RetrainingRequestedV1,
  TrainingRunCompletedV1,
  TrainingRunRequestedV1,
} from "@cascade/contracts";
import { freePorts, startStack } from "@cascade/stack";
import { temporaryDirectory } from "@cascade/testing";
import { generateRows, writeCsv } from "../src/generated-data.ts";
import { pipelineText } from "../src/pipeline-text.ts";
import { nextEvent } from "./next-event.ts";

const rounds = 9;
const warmRounds = 2;
const overheadMaxMs = 300;
const eventTimeoutMs = 600_000;
const program = fileURLToPath(new URL("../../services/training/src/trainers/gbdt.ts", import.meta.url));
const run = promisify(execFile);

/**
 * What a run costs beside its training program: from `training-run.requested` to `.completed`, less the time of the
 * same program over the same files, started by hand in turns with it.
 */
export async function benchTrainingRun(report: Report): Promise<void> {
  await using directory = await temporaryDirectory();
  const stack = await startStack({
    directory: join(directory.path, "stack"),
    ports: freePorts,
    durable: true,
  });
  try {
    await using session = await openSession(stack.accessAs("operator"));
    const pipeline = "bench-run";
    const next = (definition: AnyEventDefinition) =>
      nextEvent(session.connection, definition, pipeline, eventTimeoutMs);
    // A gate that nothing passes ends each cascade with its evaluation, so that nothing else runs meanwhile.
    const text = pipelineText({ pipeline, gates: "[{ metric: auc, min: 1 }]" });
    const path = join(directory.path, "rows.csv");
    await writeCsv(path, generateRows({ rows: 10_000, seed: 1, from: "2026-01-01T00:00:00.000Z" }));
    const [materialized, firstEvaluated] = [next(FeatureViewMaterializedV1), next(EvaluationFailedV1)];
    await session.publish(PipelineSubmittedV1.create(pipeline, { text, by: "bench" }));
    await session.publish(DataArrivedV2.create(pipeline, { files: [{ uri: pathToFileURL(path).href }] }));
    const { trainingSet } = FeatureViewMaterializedV1.schema.parse((await materialized).data);
    await firstEvaluated;

    const store = openArtifactStore(pathToFileURL(join(stack.directory, "artifacts")).href);
    for (const part of ["train", "validation"] as const) {
      await rename(
        await store.fetchToFile(trainingSet[part], directory.path),
        join(directory.path, `${part}.parquet`),
      );
    }
    const request = {
      version: 1,
      task: "binary",
      label: trainingSet.label,
      columns: trainingSet.features.map(({ name, kind }) => ({ name, type: kind })),
      parameters: {},
      seed: 0,
      timeLimitMs: 600_000,
    };
    await writeFile(join(directory.path, "request.json"), JSON.stringify(request));
    const [runs, bares]: [number[], number[]] = [[], []];
    for (let round = 0; round < warmRounds + rounds; round++) {
      const [requested, completed, evaluated] = [
        next(TrainingRunRequestedV1),
        next(TrainingRunCompletedV1),
        next(EvaluationFailedV1),
      ];
      await session.publish(
        RetrainingRequestedV1.create(pipeline, { by: "bench", reason: `round ${round}` }),
      );
      const runMs = (await completed).at - (await requested).at;
      await evaluated;
      const startedAt = performance.now();
      await run(process.execPath, [program], { cwd: directory.path, env: {} });
      const bareMs = performance.now() - startedAt;
      if (round < warmRounds) continue;
      runs.push(runMs);
      bares.push(bareMs);
    }
    const overheads = runs.map((runMs, index) => runMs - (bares[index] ?? 0));
    process.stdout.write(
      `a run of 10000 rows ${median(runs).toFixed(0)} ms, its program alone ${median(bares).toFixed(0)} ms (medians)\n`,
    );
    report.add(
      "overhead of a run over its program",
      { value: median(overheads), unit: "ms", reference: "limit", referenceValue: overheadMaxMs },
      { atMost: 1 },
    );
  } finally {
    await stack.stop();
  }
}
