import type { ExpectationResult } from "@cascade/tabular";
import { expect, test } from "vitest";
import { appliedPipeline } from "../testing/test-pipeline.ts";
import { column } from "../testing/test-profile.ts";
import { declaredExpectations } from "./declared-expectations.ts";
import { readDemands } from "./demands.ts";
import { type Finding, isOfRows, judgeLabel, weighDeclared, weighLearned, withoutEchoes } from "./judge.ts";
import { tooMuchSetAside } from "./quarantine.ts";
import { adviceFor, violationsOf, warningsOf } from "./violations.ts";

const now = new Date("2026-01-02T03:04:05Z");
const declared = (validation?: object) =>
  declaredExpectations(demandsOf(validation), now).map(({ expectation }) => expectation);
const demandsOf = (validation: object = {}) => readDemands(appliedPipeline("trips", validation)).demands;

const result = (expectation: ExpectationResult["expectation"], failedRows: number): ExpectationResult => ({
  expectation,
  passed: false,
  failedRows,
  message: "not met",
});

test("a batch must have rows even where nothing is declared about their number", () => {
  expect(declared()[0]).toEqual({ kind: "row-count", min: 1 });
  expect(declared({ rowCount: { min: 0, max: 5 } })[0]).toEqual({
    kind: "row-count",
    min: 1,
    max: 5,
  });
});

test("what was declared is a violation by a single row", () => {
  const [finding] = weighDeclared([result({ kind: "range", column: "tip", min: 0 }, 1)], ["error"]);
  expect(finding?.verdict).toBe("violation");
});

test.each<ExpectationResult["expectation"]>([
  { kind: "allowed-values", column: "city", values: ["Oslo"] },
  { kind: "range", column: "tip", min: 0, max: 1 },
  { kind: "row-count", min: 500 },
])("other data than the first are news and no violation: $kind", (expectation) => {
  const findings = weighLearned([result(expectation, 1000)], 1000, demandsOf());
  expect(findings[0]?.verdict).toBe("warning");
  expect(warningsOf(findings)).toEqual(["Unlike the first accepted batch: not met"]);
});

test.each([
  ["none were missing, a few are", 0, 10, "warning"],
  ["none were missing, just under half are", 0, 499, "warning"],
  ["none were missing, half are", 0, 500, "violation"],
  ["some were missing, many are", 0.2, 699, "warning"],
  ["some were missing, most are", 0.2, 700, "violation"],
  ["most were missing, all are", 0.9, 1000, "violation"],
])("missing values: %s", (_, maxNullShare, failedRows, verdict) => {
  const learned = result({ kind: "not-null", column: "city", maxNullShare }, failedRows);
  expect(weighLearned([learned], 1000, demandsOf())[0]?.verdict).toBe(verdict);
});

test.each([
  ["of few rows", {}, 99, "warning"],
  ["of enough rows", {}, 100, "violation"],
  ["of as few as the file allows", { inferMinRows: 5 }, 5, "violation"],
])("a batch %s that has lost a column is refused or only told", (_, validation, rowCount, verdict) => {
  const learned = result({ kind: "not-null", column: "city", maxNullShare: 0 }, rowCount);
  expect(weighLearned([learned], rowCount, demandsOf(validation))[0]?.verdict).toBe(verdict);
});

test("where rows are set aside, those without a label are, whatever share the file allows", () => {
  const expectations = [
    { column: "tip", maxNullShare: 0.5 },
    { column: "city", maxNullShare: 0.5 },
  ];
  const notNull = (onViolation: string) =>
    declared({ expectations, onViolation }).filter(({ kind }) => kind === "not-null");
  expect(notNull("quarantine")).toEqual([
    { kind: "not-null", column: "tip", maxNullShare: 0 },
    { kind: "not-null", column: "city", maxNullShare: 0.5 },
  ]);
  expect(notNull("reject")).toEqual([
    { kind: "not-null", column: "tip", maxNullShare: 0.5 },
    { kind: "not-null", column: "city", maxNullShare: 0.5 },
  ]);
});

test("the label is looked for first", () => {
  const present = declared().filter(({ kind }) => kind === "column-present");
  expect(present.map((expectation) => "column" in expectation && expectation.column)).toEqual([
    "tip",
    "id",
    "city",
  ]);
});

test("a label without any value is told once", () => {
  const profile = { rowCount: 3, columns: [column("tip", { type: "number", nulls: 3 })] };
  const found = weighDeclared([result({ kind: "not-null", column: "tip" }, 3)], ["error"]);
  expect(judgeLabel(profile, demandsOf(), [])).toHaveLength(1);
  expect(judgeLabel(profile, demandsOf(), found)).toEqual([]);
});

test("a missing column is told once, whatever else was expected of it", () => {
  const findings = weighDeclared(
    [
      result({ kind: "column-present", column: "tip" }, 0),
      result({ kind: "type", column: "tip", type: "number" }, 0),
      result({ kind: "range", column: "tip", min: 0 }, 0),
      result({ kind: "unique", columns: ["id", "tip"] }, 0),
      result({ kind: "range", column: "id", min: 0 }, 2),
    ],
    [],
  );
  expect(withoutEchoes(findings).map(({ expectation }) => expectation.kind)).toEqual([
    "column-present",
    "range",
  ]);
});

test("only rows can be set aside, not the lack of a column or of rows", () => {
  expect(isOfRows(result({ kind: "range", column: "tip", min: 0 }, 1))).toBe(true);
  expect(isOfRows(result({ kind: "column-present", column: "tip" }, 0))).toBe(false);
  expect(isOfRows(result({ kind: "row-count", min: 10 }, 0))).toBe(false);
});

test("a quarantine that leaves too little, or takes too much, refuses the batch", () => {
  const parts = { rowCount: 10, acceptedRows: 8, quarantinedRows: 2, results: [] };
  expect(tooMuchSetAside(parts, demandsOf({ maxQuarantinedShare: 0.2 }))).toEqual([]);
  expect(tooMuchSetAside(parts, demandsOf({ maxQuarantinedShare: 0.1 }))).toHaveLength(1);
  const demands = demandsOf({ maxQuarantinedShare: 0.5, rowCount: { min: 9 } });
  expect(tooMuchSetAside(parts, demands)[0]?.message).toBe("Only 8 rows would be left, expected at least 9.");
});

test("an event holds no more violations than fit, and messages are cut", () => {
  const finding: Finding = {
    ...result({ kind: "range", column: "x".repeat(300), min: 0 }, 1),
    message: "m".repeat(9000),
    origin: "declared",
    verdict: "violation",
  };
  const violations = violationsOf(Array.from({ length: 500 }, () => finding));
  expect(violations).toHaveLength(100);
  expect(Buffer.byteLength(JSON.stringify(violations))).toBeLessThan(200_000);
});

test("advice speaks of what was broken", () => {
  const told = (finding: ExpectationResult, origin: Finding["origin"]) =>
    adviceFor([{ ...finding, origin, verdict: "violation" }], "tip", {
      pipeline: "trips",
      datasetVersion: `sha256:${"ab".repeat(32)}`,
    });
  expect(told(result({ kind: "column-present", column: "tip" }, 0), "declared")).toContain("data.label");
  expect(told(result({ kind: "column-present", column: "id" }, 0), "declared")).toContain("data.columns");
  expect(told(result({ kind: "row-count", min: 1 }, 0), "declared")).toContain("validation.rowCount");
  expect(told(result({ kind: "not-null", column: "id" }, 9), "learned")).toMatch(
    /validation\.infer.*cascade publish data-arrived trips --dataset sha256:abababababab$/,
  );
});
