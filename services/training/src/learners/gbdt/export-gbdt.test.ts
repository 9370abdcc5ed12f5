import { inspectModel, loadModel } from "@cascade/onnx";
import { expect, test } from "vitest";
import { LearnerError } from "../errors.ts";
import { predictionsOf } from "../predictions.ts";
import { seededRandom } from "../random.ts";
import type { FeatureTable, Task } from "../table.ts";
import { largestDifference, modelColumns } from "../testing/compare-with-onnx.ts";
import { generateTable } from "../testing/generated-tables.ts";
import { oddRows, oddTable } from "../testing/odd-tables.ts";
import { exportGbdt } from "./export-gbdt.ts";
import { type GbdtModel, scoreRows } from "./gbdt-model.ts";
import { gbdtParametersSchema } from "./parameters.ts";
import { trainGbdt } from "./train-gbdt.ts";

/** Rows of which the numbers are thresholds of the model, or the next float beside one. */
function rowsAtThresholds(model: GbdtModel, rows: FeatureTable, random: () => number): FeatureTable {
  const trees = model.rounds.flat().map(({ tree }) => tree);
  const columns = rows.columns.map((column, index) => {
    const thresholds = trees.flatMap(({ feature, threshold }) =>
      [...threshold].filter((_, node) => feature[node] === index),
    );
    if (column.type !== "number" || thresholds.length === 0) return column;
    const steps = [1 - 2 ** -23, 1, 1, 1 + 2 ** -23];
    const values = column.values.map(() => {
      const threshold = thresholds[Math.floor(random() * thresholds.length)] ?? 0;
      return threshold * (steps[Math.floor(random() * steps.length)] ?? 1);
    });
    return { ...column, values };
  });
  return { ...rows, columns };
}

const options = { seed: 1, threadsMax: 1 };

test.each(["binary", "multiclass", "regression"] as const)(
  "%s: 150 odd models answer in the runtime as the learner does, within 1e-5",
  async (task) => {
    const random = seededRandom(task.length);
    let compared = 0;
    for (let model = 0; model < 150; model++) {
      const table = oddTable(task, 4 + Math.floor(random() * 200), random);
      const parameters = gbdtParametersSchema.parse({
        leafRowsMin: 1,
        categoryRowsMin: 1,
        roundsMax: 1 + Math.floor(random() * 6),
        leavesMax: 2 + Math.floor(random() * 15),
        learningRate: random() < 0.5 ? 0.1 : 1,
        l2: random() < 0.5 ? 1 : 0.01,
      });
      // The training rows validate here: the point is the export, not the quality.
      const result = await trainGbdt(table, table, parameters, options).catch((error: unknown) => {
        if (error instanceof LearnerError && error.code === "NO_INFORMATIVE_COLUMNS") return undefined;
        throw error;
      });
      if (!result) continue;
      compared++;
      const onnx = exportGbdt(result.model);
      const rows = oddRows(table.features, 60, random);
      const edges = rowsAtThresholds(result.model, rows, random);
      for (const features of [table.features, rows, edges]) {
        const scores = scoreRows(result.model, features);
        const own = predictionsOf(task, table.label.classes.length, scores);
        expect(await largestDifference(onnx, features, own), `model ${model}`).toBeLessThan(1e-5);
      }
    }
    expect(compared).toBeGreaterThan(100);
  },
);

test.each(["binary", "multiclass", "regression"] as const)(
  "%s: so does a model of full size",
  async (task) => {
    const validation = generateTable(task, 5000, 2);
    const { model, validationScores } = await trainGbdt(
      generateTable(task, 20_000, 1),
      validation,
      gbdtParametersSchema.parse({ learningRate: 0.03 }),
      options,
    );
    expect(model.rounds.length).toBeGreaterThan(100);
    const own = predictionsOf(task, model.classes.length, validationScores);
    expect(await largestDifference(exportGbdt(model), validation.features, own)).toBeLessThan(1e-5);
  },
);

test("the file says what the model is, takes the raw columns and gives label and shares", async () => {
  const train = generateTable("multiclass", 3000, 1);
  const { model } = await trainGbdt(train, train, gbdtParametersSchema.parse({ roundsMax: 5 }), options);
  const bytes = exportGbdt(model);
  const { inputs, outputs, metadata, opsets } = inspectModel(bytes);
  expect(inputs.map(({ name, type, shape }) => [name, type, shape])).toEqual([
    ["slope", "float", [null, 1]],
    ["wave", "float", [null, 1]],
    ["sometimes", "float", [null, 1]],
    ["noise", "float", [null, 1]],
    ["city", "string", [null, 1]],
  ]);
  expect(outputs).toEqual([
    { name: "label", type: "int64", shape: [null, 1] },
    { name: "probabilities", type: "float", shape: [null, 3] },
  ]);
  expect(opsets).toEqual({ "": 17, "ai.onnx.ml": 3 });
  expect(metadata["cascade.task"]).toBe("multiclass" satisfies Task);
  expect(JSON.parse(metadata["cascade.classes"] ?? "")).toEqual(["high", "low", "middle"]);
  expect(JSON.parse(metadata["cascade.columns"] ?? "")).toContainEqual({ name: "city", type: "category" });

  const loaded = await loadModel(bytes, { intraOpThreads: 1 });
  const { label, probabilities } = await loaded.run(modelColumns(train.features), 3000);
  await loaded.release();
  expect(label?.shape).toEqual([3000, 1]);
  for (let row = 0; row < 3000; row++) {
    const shares = [0, 1, 2].map((index) => Number(probabilities?.data[row * 3 + index]));
    expect(Number(label?.data[row])).toBe(shares.indexOf(Math.max(...shares)));
  }
});

test("the same training gives the same file, byte for byte", async () => {
  const train = generateTable("binary", 2000, 1);
  const write = async () =>
    exportGbdt((await trainGbdt(train, train, gbdtParametersSchema.parse({ roundsMax: 5 }), options)).model);
  expect(await write()).toEqual(await write());
});
