import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { mediaTypes, TrainingRunCompletedV1 } from "@cascade/contracts";
import { type ColumnValues, loadModel } from "@cascade/onnx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { triggers } from "./testing/conversation.ts";
import { openTrainingWorld, type TrainingWorld } from "./testing/training-world.ts";

// `npm run test:trainers` names a Python that has what examples/trainers/requirements.txt lists.
const python = process.env.CASCADE_TEST_PYTHON;
const directory = resolve(import.meta.dirname, "../../../examples/trainers");

/** Where other work keeps the machine busy, the imports alone take a minute. */
const limitMs = 600_000;

const Samples = z.object({
  rows: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.null()]))).min(1),
  predictions: z.array(z.array(z.number())),
});
type Samples = z.infer<typeof Samples>;

describe.skipIf(python === undefined)("the Python examples", () => {
  let world: TrainingWorld;

  beforeAll(async () => {
    world = await openTrainingWorld();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function train(pipeline: string, program: string, changes: object = {}) {
    await world.apply(pipeline, {
      trainer: { command: [python ?? "", program], directory, data: "csv" },
      memoryMiB: 4096,
      timeoutSeconds: 600,
      triggers: triggers({ newData: { minRows: 1 } }),
      ...changes,
    });
    await world.materialize(pipeline, 100);
    const isItsOwn = (event: { readonly pipeline: string }) => event.pipeline === pipeline;
    const { data } = await world.training.nextEvent(TrainingRunCompletedV1, isItsOwn, limitMs);
    expect(data.candidate.classes).toEqual(["false", "true"]);
    expect(data.metrics.auc).toBeGreaterThan(0.8);
    if (data.samplePredictions === undefined) throw new Error(`${program} has kept no answers of its own.`);
    const samples = await world.store.readJson(data.samplePredictions, Samples, { maxBytes: 1e6 });
    const onnx = await world.store.readBytes(data.candidate.model, { maxBytes: 1e8 });
    expect(data.candidate.model.mediaType).toBe(mediaTypes.onnx);
    expect(await largestDifference(onnx, data.candidate.features, samples)).toBeLessThan(1e-4);
    return data;
  }

  test("scikit-learn", () => train("forest", "forest_scikit_learn.py"), limitMs);
  test("PyTorch", () => train("network", "network_pytorch.py", { parameters: { epochs: 20 } }), limitMs);
  test(
    "XGBoost, whose learning rate is searched for",
    async () => {
      const { search, parameters } = await train("trees", "trees_xgboost.py", {
        parameters: { rounds: 60 },
        search: {
          method: "random",
          space: { learningRate: { min: 0.005, max: 0.5, scale: "log" } },
          trials: 6,
          parallel: availableParallelism() > 1 ? 2 : 1,
          earlyStopping: { metric: "validationLoss", afterSteps: 8 },
        },
      });
      expect(parameters).toMatchObject({ rounds: 60, learningRate: expect.any(Number) });
      const { completed: done = 0, stopped = 0, failed } = search?.trials ?? {};
      expect(failed).toBe(0);
      expect(done + stopped).toBe(6);
    },
    limitMs,
  );
});

/** Between the program's answers and those of its model. */
async function largestDifference(
  onnx: Uint8Array,
  features: readonly { readonly name: string }[],
  { rows, predictions }: Samples,
): Promise<number> {
  const model = await loadModel(onnx, { intraOpThreads: 1 });
  try {
    const columns: Record<string, ColumnValues> = Object.fromEntries(
      features.map(({ name }) => [name, rows.map((row) => row[name] ?? null)]),
    );
    const { probabilities } = await model.run(columns, rows.length);
    return Math.max(
      ...predictions.flat().map((value, at) => Math.abs(Number(probabilities?.data[at]) - value)),
    );
  } finally {
    await model.release();
  }
}
