import { expect, test } from "vitest";
import { noon } from "../testing/fixtures.ts";
import { type CancellableRun, decideCancellation } from "./cancel-run.ts";

const run = (changes: Partial<CancellableRun>): CancellableRun => ({
  status: "running",
  finishedAt: undefined,
  cancellation: undefined,
  ...changes,
});

test("a run that no worker has ends at once", () => {
  expect(decideCancellation("run-1", "flights", run({ status: "queued" }), true).kind).toBe("withdraw");
  expect(decideCancellation("run-1", "flights", run({}), true).kind).toBe("withdraw");
});

test("a run that is being carried out is ended by whoever does it", () => {
  expect(decideCancellation("run-1", "flights", run({}), false).kind).toBe("tell-worker");
});

test.each<[string, CancellableRun | undefined, string, string]>([
  ["of another name", undefined, "RUN_UNKNOWN", "flights has no run run-1"],
  [
    "that completed",
    run({ status: "completed", finishedAt: noon }),
    "RUN_OVER",
    "completed at 2026-03-01T12",
  ],
  ["that was cancelled", run({ status: "cancelled", finishedAt: noon }), "RUN_OVER", "was cancelled at 2026"],
  ["that is being cancelled", run({ cancellation: { by: "bo", reason: "" } }), "RUN_CANCELLED", "bo has"],
])("a run %s is refused, with what to do", (_, known, code, message) => {
  const decision = decideCancellation("run-1", "flights", known, false);
  expect(decision).toMatchObject({ kind: "refuse", problem: { code } });
  expect(decision.kind === "refuse" && decision.problem.message).toContain(message);
});
