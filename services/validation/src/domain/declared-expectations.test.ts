import { expect, test } from "vitest";
import { demandsOf } from "../testing/test-pipeline.ts";
import { declaredExpectations } from "./declared-expectations.ts";
import type { Demands } from "./demands.ts";

const now = new Date("2026-01-02T00:00:00Z");
const declared = (validation: object, more: Partial<Demands> = {}) =>
  declaredExpectations(demandsOf(validation, more), now).filter(
    ({ expectation: { kind } }) => !["row-count", "column-present", "type"].includes(kind),
  );
const finiteTip = { expectation: { kind: "finite", column: "tip" }, severity: "warning" };

test("each part of an expectation is one of its own, with its severity", () => {
  const expectations = [
    { column: "city", required: true, pattern: "[a-z]+", allowed: ["a"], severity: "warning" },
    { column: "tip", finite: true },
  ];
  expect(declared({ expectations })).toEqual([
    { expectation: { kind: "not-null", column: "city", maxNullShare: 0 }, severity: "warning" },
    { expectation: { kind: "allowed-values", column: "city", values: ["a"] }, severity: "warning" },
    { expectation: { kind: "pattern", column: "city", pattern: "[a-z]+" }, severity: "warning" },
    { expectation: { kind: "finite", column: "tip" }, severity: "error" },
  ]);
});

test("conditions keep their names, and what is demanded of the event time counts from now", () => {
  const conditions = [
    { name: "tips are small", sql: "tip < 10" },
    { sql: "id > 0", severity: "warning" },
  ];
  const eventTime = { maxFutureSeconds: 60, ordered: true };
  expect(declared({ conditions, eventTime }, { eventTime: "at" })).toEqual([
    { expectation: { kind: "condition", name: "tips are small", sql: "tip < 10" }, severity: "error" },
    { expectation: { kind: "condition", sql: "id > 0" }, severity: "warning" },
    { expectation: { kind: "range", column: "at", max: "2026-01-02T00:01:00.000Z" }, severity: "error" },
    { expectation: { kind: "ordered", column: "at" }, severity: "error" },
    finiteTip,
  ]);
});

test("event times more than a day ahead are a warning where the file says nothing of them", () => {
  const ahead = { kind: "range", column: "at", max: "2026-01-03T00:00:00.000Z" };
  expect(declared({}, { eventTime: "at" })).toEqual([{ expectation: ahead, severity: "warning" }, finiteTip]);
  const said = { eventTime: { maxFutureSeconds: 1e9, severity: "error" } };
  expect(declared(said, { eventTime: "at" })).not.toContainEqual({ expectation: ahead, severity: "warning" });
});

test("a declared key that repeats is a warning, unless the file demands that it is unique", () => {
  expect(declared({}, { key: ["id", "city"] })).toEqual([
    { expectation: { kind: "unique", columns: ["id", "city"] }, severity: "warning" },
    finiteTip,
  ]);
  expect(declared({ unique: ["city", "id"] }, { key: ["id", "city"] })).toEqual([
    { expectation: { kind: "unique", columns: ["city", "id"] }, severity: "error" },
    finiteTip,
  ]);
});

test("numbers that are bounded on both sides are finite anyway, and a label that is not is set aside", () => {
  expect(declared({ expectations: [{ column: "tip", min: 0, max: 1 }] })).toHaveLength(1);
  expect(declared({ expectations: [{ column: "tip", min: 0 }] })).toHaveLength(2);
  expect(declared({ onViolation: "quarantine" })).toContainEqual({ ...finiteTip, severity: "error" });
});
