import { expect, test } from "vitest";
import { formatAge, formatMetrics } from "./format.ts";

test.each([
  [12.4, "12 s"],
  [90, "1 min 30 s"],
  [21_600, "6 h"],
  [9000, "2 h 30 min"],
  [86_400, "1 d"],
  [813_386_169, "9,414 d 4 h"],
])("%d seconds are %s", (seconds, told) => {
  expect(formatAge(seconds)).toBe(told);
});

test("of many metrics the familiar ones are shown", () => {
  const metrics = { calibrationError: 0.0123, auc: 0.71, f1: 0.5, logLoss: 0.48, brier: 0.15, accuracy: 0.8 };
  expect(formatMetrics(metrics)).toBe("auc 0.7100, logLoss 0.4800, brier 0.1500, accuracy 0.8000, …");
  expect(formatMetrics({ rmse: 2, profit: 3 })).toBe("rmse 2.0000, profit 3.0000");
});
