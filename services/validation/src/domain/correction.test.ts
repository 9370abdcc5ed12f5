import { expect, test } from "vitest";
import { demandsOf } from "../testing/test-pipeline.ts";
import { demandsOfCorrection, learnedForCorrection } from "./correction.ts";

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
