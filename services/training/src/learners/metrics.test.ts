import { expect, test } from "vitest";
import { areaUnderCurve, measure } from "./metrics.ts";
import { seededRandom } from "./random.ts";

test("the area under the curve is the share of pairs in the right order, ties count half", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 50; round++) {
    const truth = Float64Array.from({ length: 40 }, () => Math.floor(random() * 2));
    const scores = Float64Array.from({ length: 40 }, () => Math.floor(random() * 10));
    let right = 0;
    let pairs = 0;
    truth.forEach((one, first) => {
      truth.forEach((other, second) => {
        if (one !== 1 || other !== 0) return;
        pairs++;
        const difference = (scores[first] ?? 0) - (scores[second] ?? 0);
        right += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      });
    });
    expect(areaUnderCurve(truth, scores)).toBeCloseTo(right / pairs, 12);
  }
});

test("the area is left out when the rows have one class only", () => {
  const label = { task: "binary" as const, classes: ["no", "yes"], values: Float64Array.of(1, 1) };
  const metrics = measure(label, { width: 2, values: Float64Array.of(0.25, 0.75, 0.5, 0.5) });
  expect(metrics).toEqual({ logLoss: -(Math.log(0.75) + Math.log(0.5)) / 2, accuracy: 0.5 });
});

test("a regression is measured by rmse, mae and r2; r2 is left out when the truth does not vary", () => {
  const label = { task: "regression" as const, classes: [], values: Float64Array.of(1, 3) };
  const predicted = { width: 1, values: Float64Array.of(1, 2) };
  expect(measure(label, predicted)).toEqual({ rmse: Math.sqrt(0.5), mae: 0.5, r2: 0.5 });
  const constant = { ...label, values: Float64Array.of(2, 2) };
  expect(measure(constant, predicted)).toEqual({ rmse: Math.sqrt(0.5), mae: 0.5 });
});

test("a certain but wrong answer has a finite loss", () => {
  const label = { task: "multiclass" as const, classes: ["a", "b", "c"], values: Float64Array.of(2) };
  const { logLoss } = measure(label, { width: 3, values: Float64Array.of(1, 0, 0) });
  expect(logLoss).toBeCloseTo(-Math.log(1e-15), 9);
});
