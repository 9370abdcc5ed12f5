import { expect, test } from "vitest";
import { demandsOf } from "../testing/test-pipeline.ts";
import { batchFinding } from "./batch-expectations.ts";
import { demandsOfCorrection, findingsForCorrection, learnedForCorrection, onlyOnce } from "./correction.ts";
import type { Verdict } from "./verdict.ts";

test("corrected rows must be right one by one, whatever a whole batch must be", () => {
  const rowWise = {
    expectations: [{ column: "tip", min: 0 }],
    conditions: [{ sql: "tip < 9" }],
    unique: ["id"],
    onViolation: "quarantine",
  };
  const demands = demandsOf({
    ...rowWise,
    rowCount: { min: 1000 },
    labelBalance: { minShare: 0.1 },
    distributions: [{ column: "tip" }],
    eventTime: { maxAgeSeconds: 60, ordered: true, maxFutureSeconds: 5, severity: "warning" },
    maxQuarantinedShare: 0.1,
  });
  expect(demandsOfCorrection(demands)).toEqual(
    demandsOf({
      ...rowWise,
      eventTime: { maxFutureSeconds: 5, severity: "warning" },
      leakage: null,
      maxQuarantinedShare: 1,
    }),
  );
  expect(demandsOfCorrection(demandsOf()).validation.eventTime).toBeUndefined();
});

test("of what was learned, neither sizes nor shares count", () => {
  const range = { kind: "range", column: "tip", min: 0 } as const;
  expect(
    learnedForCorrection([{ kind: "row-count", min: 9 }, range, { kind: "not-null", column: "tip" }]),
  ).toEqual([range]);
});

test("that corrected rows have one value in common is no warning", () => {
  const alike = batchFinding({ kind: "varied", column: "city" }, false, "one value", "warning");
  const old = batchFinding({ kind: "fresh", column: "at", notBefore: "2026-01-01" }, false, "old", "warning");
  expect(findingsForCorrection([alike, old])).toEqual([old]);
});

const accepted: Verdict = {
  outcome: "validated",
  rows: { digest: "r", sizeBytes: 1, mediaType: "m" },
  rowCount: 3,
  columns: [],
  quarantined: { rows: { digest: "q", sizeBytes: 1, mediaType: "m" }, rowCount: 2 },
  report: { digest: "p", sizeBytes: 1, mediaType: "m" },
  warnings: [],
  learned: undefined,
};

test.each([
  ["that were not back yet", { datasetVersion: "b", resubmits: "a" }, undefined],
  ["that are judged anew under other demands", { datasetVersion: "b", resubmits: "a" }, "b"],
  ["of an ordinary batch", { datasetVersion: "b" }, undefined],
])("rows %s are judged as they are", (_, submission, corrected) => {
  expect(onlyOnce(submission, accepted, corrected)).toBe(accepted);
});

test("quarantined rows that are back already are refused, and the version that brought them is named", () => {
  expect(onlyOnce({ datasetVersion: "c", resubmits: "a" }, accepted, "b")).toMatchObject({
    outcome: "rejected",
    rowCount: 5,
    violations: [{ message: "The quarantined rows of a have come back already, as b." }],
  });
});
