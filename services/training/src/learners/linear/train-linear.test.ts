import { describe, expect, test } from "vitest";
import { LearnerError } from "../errors.ts";
import { areaUnderCurve, measure } from "../metrics.ts";
import { predictionsOf } from "../predictions.ts";
import { seededRandom } from "../random.ts";
import type { LabelledTable } from "../table.ts";
import { largestDifference } from "../testing/compare-with-onnx.ts";
import { generateTable } from "../testing/generated-tables.ts";
import { oddRows, oddTable } from "../testing/odd-tables.ts";
import { exportLinear } from "./export-linear.ts";
import { linearParametersSchema } from "./parameters.ts";
import { scoreLinear, trainLinear } from "./train-linear.ts";

const defaults = linearParametersSchema.parse({});

function numbersTable(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  task: LabelledTable["label"]["task"],
) {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, index) => ({
    type: "number" as const,
    name: `x${index}`,
    values: Float32Array.from(rows, (row) => row[index] ?? 0),
  }));
  const classes = task === "regression" ? [] : ["0", "1"];
  return {
    features: { rowCount: rows.length, columns },
    label: { task, classes, values: Float64Array.from(values) },
  } satisfies LabelledTable;
}

describe("what it finds", () => {
  test("a straight line is found exactly when the penalty is negligible", () => {
    const rows = Array.from({ length: 200 }, (_, row) => [row / 10, (row * 7) % 13]);
    const truth = rows.map(([a = 0, b = 0]) => 1e6 + 3 * a - 2 * b);
    const table = numbersTable(rows, truth, "regression");
    const { model } = trainLinear(table, linearParametersSchema.parse({ l2: 1e-9 }));
    scoreLinear(model, table.features).forEach((score, row) => {
      expect(score).toBeCloseTo(truth[row] ?? 0, 2);
    });
  });

  test("the logistic fit is where the penalised likelihood has no slope", () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 2000 }, () => [random() * 2 - 1, random() * 2 - 1]);
    const values = rows.map(([a = 0, b = 0]) => (random() < 1 / (1 + Math.exp(0.5 - 2 * a + b)) ? 1 : 0));
    const table = numbersTable(rows, values, "binary");
    const { model } = trainLinear(table, defaults);
    const scores = scoreLinear(model, table.features);
    const slope = scores.reduce(
      (sum, score, row) => sum + 1 / (1 + Math.exp(-score)) - (values[row] ?? 0),
      0,
    );
    expect(Math.abs(slope)).toBeLessThan(1e-5);
    const [first = 0, second = 0] = model.weights[0] ?? [];
    expect(first).toBeGreaterThan(0.9);
    expect(second).toBeLessThan(-0.4);
  });

  test("data that a line separates perfectly gives finite weights", () => {
    const rows = Array.from({ length: 100 }, (_, row) => [row]);
    const table = numbersTable(
      rows,
      rows.map(([x = 0]) => (x < 50 ? 0 : 1)),
      "binary",
    );
    const scores = scoreLinear(trainLinear(table, defaults).model, table.features);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(areaUnderCurve(table.label.values, scores)).toBe(1);
  });

  test("quality on generated data is what its straight parts allow", () => {
    const binary = generateTable("binary", 20_000, 1);
    const fresh = generateTable("binary", 10_000, 2);
    const area = areaUnderCurve(
      fresh.label.values,
      scoreLinear(trainLinear(binary, defaults).model, fresh.features),
    );
    expect(area).toBeGreaterThan(0.78);
    const several = generateTable("multiclass", 20_000, 1);
    const { model } = trainLinear(several, defaults);
    const own = predictionsOf("multiclass", 3, scoreLinear(model, several.features));
    const even = { width: 3, values: new Float64Array(own.values.length).fill(1 / 3) };
    expect(measure(several.label, own).logLoss).toBeLessThan(
      (measure(several.label, even).logLoss ?? 0) - 0.2,
    );
  });
});

test.each(["binary", "multiclass", "regression"] as const)(
  "%s: 150 odd models answer in the runtime as the learner does, within 1e-5",
  async (task) => {
    const random = seededRandom(task.length);
    let compared = 0;
    for (let index = 0; index < 150; index++) {
      const table = oddTable(task, 4 + Math.floor(random() * 200), random);
      const parameters = linearParametersSchema.parse({
        l1: random() < 0.5 ? 0 : 10 ** (random() * 4 - 2),
        classWeights: task !== "regression" && random() < 0.3 ? "balanced" : "equal",
        categoryRowsMin: 1,
        categoriesMax: 1 + Math.floor(random() * 12),
      });
      try {
        const { model } = trainLinear(table, parameters);
        for (const features of [table.features, oddRows(table.features, 60, random)]) {
          const own = predictionsOf(task, table.label.classes.length, scoreLinear(model, features));
          expect(await largestDifference(exportLinear(model), features, own), `model ${index}`).toBeLessThan(
            1e-5,
          );
        }
        compared++;
      } catch (error) {
        if (!(error instanceof LearnerError && error.code === "NO_INFORMATIVE_COLUMNS")) throw error;
      }
    }
    expect(compared).toBeGreaterThan(100);
  },
);

describe("refusals", () => {
  const table = generateTable("binary", 200, 1);
  const refusal = (train: LabelledTable) => {
    try {
      trainLinear(train, defaults);
      return "accepted";
    } catch (error) {
      return error instanceof LearnerError ? error.code : error;
    }
  };

  test("no rows, one class, a constant label", () => {
    expect(refusal(generateTable("binary", 0, 1))).toBe("NO_ROWS");
    const constant = { ...table.label, values: new Float64Array(200) };
    expect(refusal({ ...table, label: constant })).toBe("ONE_CLASS");
    expect(refusal({ ...table, label: { ...constant, task: "regression" } })).toBe("CONSTANT_LABEL");
  });

  test("columns that are all empty, constant or too rare to tell apart", () => {
    const columns = [
      { type: "number" as const, name: "empty", values: new Float32Array(200).fill(Number.NaN) },
      { type: "number" as const, name: "constant", values: new Float32Array(200).fill(1e6) },
      {
        type: "category" as const,
        name: "id",
        codes: Int32Array.from({ length: 200 }, (_, row) => row),
        categories: Array.from({ length: 200 }, (_, row) => `id-${row}`),
      },
    ];
    expect(refusal({ ...table, features: { rowCount: 200, columns } })).toBe("NO_INFORMATIVE_COLUMNS");
  });

  test("more weights than can be solved for", () => {
    const columns = Array.from({ length: 4001 }, (_, index) => ({
      type: "number" as const,
      name: `x${index}`,
      values: Float32Array.from({ length: 200 }, (_, row) => (row * 31 + index) % 7),
    }));
    expect(refusal({ ...table, features: { rowCount: 200, columns } })).toBe("TOO_MANY_WEIGHTS");
  });

  test("unknown parameters", () => {
    expect(linearParametersSchema.safeParse({ alpha: 1 }).success).toBe(false);
    expect(linearParametersSchema.safeParse({ l2: 0 }).success).toBe(false);
    expect(linearParametersSchema.safeParse({ l1: 1, l2: 0 }).success).toBe(true);
  });
});
