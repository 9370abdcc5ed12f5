import { expect, test } from "vitest";
import { progressOf } from "./progress-line.ts";

test.each([
  [
    '{"step": 10, "of": 200, "metrics": {"validationLoss": 0.53219}}',
    { message: "step 10 of 200, validationLoss 0.5322", share: 0.05 },
  ],
  ['{"step": 10}', { message: "step 10" }],
  ['{"step": 300, "of": 200}', { message: "step 300 of 200", share: 1 }],
  ['{"message": "loading", "share": 0.1}', { message: "loading", share: 0.1 }],
])("%s is told", (line, progress) => {
  expect(progressOf(line)).toEqual(progress);
});

test.each(["", "half a li", "[]", "null", '{"step": -1}', '{"share": 2}', "{}"])(
  "%j tells nothing",
  (line) => {
    expect(progressOf(line)).toBeUndefined();
  },
);
