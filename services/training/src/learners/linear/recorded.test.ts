import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { predictionsOf } from "../predictions.ts";
import type { FeatureColumn, LabelledTable, Task } from "../table.ts";
import { linearParametersSchema } from "./parameters.ts";
import { scoreLinear, trainLinear } from "./train-linear.ts";

interface Recorded {
  readonly numbers: readonly (readonly number[])[];
  readonly town: readonly number[];
  readonly labels: Readonly<Record<Task, readonly number[]>>;
  readonly cases: readonly {
    readonly task: Task;
    readonly l1: number;
    readonly l2: number;
    readonly classWeights?: "balanced";
    readonly answers: readonly number[];
  }[];
}

// Written by recorded/record.py, which says with what version.
const recorded: Recorded = JSON.parse(
  readFileSync(new URL("./recorded/scikit-learn.json", import.meta.url), "utf8"),
);
const rowCount = recorded.town.length;
const columns: FeatureColumn[] = [
  ...recorded.numbers.map((values, index) => ({
    type: "number" as const,
    name: `x${index}`,
    values: Float32Array.from(values),
  })),
  { type: "category", name: "town", codes: Int32Array.from(recorded.town), categories: ["a", "b", "c"] },
];
const classes: Readonly<Record<Task, string[]>> = {
  regression: [],
  binary: ["0", "1"],
  multiclass: ["0", "1", "2"],
};

test.each(recorded.cases)(
  "$task with l1 $l1 and l2 $l2 answers as scikit-learn does",
  ({ task, answers, ...own }) => {
    const values = Float64Array.from(recorded.labels[task]);
    const table: LabelledTable = {
      features: { rowCount, columns },
      label: { task, classes: classes[task], values },
    };
    const parameters = linearParametersSchema.parse({ ...own, categoryRowsMin: 1 });
    const { model, stoppedBy } = trainLinear(table, parameters);
    expect(stoppedBy).toBe("converged");
    const shares = predictionsOf(task, classes[task].length, scoreLinear(model, table.features)).values;
    const ours = task === "binary" ? shares.filter((_, at) => at % 2 === 1) : shares;
    expect(ours).toHaveLength(answers.length);
    ours.forEach((answer, row) => {
      expect(answer).toBeCloseTo(answers[row] ?? Number.NaN, 4);
    });
  },
);

test("a stronger l1 leaves fewer columns in, and the strongest none", () => {
  const label = {
    task: "regression" as const,
    classes: [],
    values: Float64Array.from(recorded.labels.regression),
  };
  const counts = [1, 30, 100, 1e6].map((l1) => {
    const parameters = linearParametersSchema.parse({ l1, l2: 0, categoryRowsMin: 1 });
    const [weights] = trainLinear({ features: { rowCount, columns }, label }, parameters).model.weights;
    return weights?.subarray(0, -1).filter((weight) => weight !== 0).length ?? Number.NaN;
  });
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(counts[0]).toBeGreaterThan(counts[2] ?? Number.NaN);
  expect(counts[3]).toBe(0);
});
