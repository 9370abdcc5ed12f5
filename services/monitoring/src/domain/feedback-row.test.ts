import { expect, test } from "vitest";
import { feedbackRow } from "./feedback-row.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";

const policy: MonitoringPolicy = {
  columns: { date: "timestamp", hour: "integer", origin: "string", delayed: "boolean" },
  label: "delayed",
  eventTime: "date",
  monitoring: { window: { predictions: 100 }, drift: null, quality: null, feedback: { minRows: 1 } },
};
const at = new Date("2026-03-01T06:00:00.000Z");

test("a row has the pipeline's columns, its label, and the time of the prediction where none was sent", () => {
  expect(feedbackRow({ input: { hour: 6, foreign: 1 }, label: "1", at }, policy)).toEqual({
    date: at.toISOString(),
    hour: 6,
    origin: null,
    delayed: true,
  });
});

test("a row whose values are not of their columns' types any longer is left out", () => {
  expect(feedbackRow({ input: { hour: "six" }, label: true, at }, policy)).toBeUndefined();
  expect(feedbackRow({ input: { hour: 6 }, label: "perhaps", at }, policy)).toBeUndefined();
});
