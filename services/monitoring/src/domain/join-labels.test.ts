import { expect, test } from "vitest";
import { type JoinCandidate, joinArrivedLabels } from "./join-labels.ts";

const candidate = (id: string, label: boolean | null = null): [string, JoinCandidate] => [
  id,
  { id, version: 1, output: [0.5, 0.5], label, hasInput: true },
];

test("a label joins its prediction, and one without a prediction waits for it", () => {
  const labels = [
    { predictionId: "a", label: true },
    { predictionId: "later", label: false },
  ];
  const result = joinArrivedLabels(labels, new Map([candidate("a")]), new Map());
  expect(result.joined).toMatchObject([{ id: "a", label: true }]);
  expect(result.early).toEqual([{ predictionId: "later", label: false }]);
});

test("the first label wins; the same again is a repetition, another one a conflict", () => {
  const labels = [
    { predictionId: "known", label: true },
    { predictionId: "known", label: false },
    { predictionId: "early", label: true },
    { predictionId: "new", label: true },
    { predictionId: "new", label: false },
  ];
  const predictions = new Map([candidate("known", true), candidate("new")]);
  const result = joinArrivedLabels(labels, predictions, new Map([["early", false]]));
  expect(result).toMatchObject({ repeated: 1, conflicting: ["known", "early", "new"], early: [] });
  expect(result.joined).toMatchObject([{ id: "new", label: true }]);
});
