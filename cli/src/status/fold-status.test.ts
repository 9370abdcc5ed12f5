import {
  type AnyEventDefinition,
  DatasetRejectedV1,
  PipelineAppliedV1,
  PipelineRefusedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { expect, test } from "vitest";
import { foldStatus } from "./fold-status.ts";

const event = ({ type, example }: AnyEventDefinition, second: number, pipeline = "trips"): StoredEvent => ({
  stream: "CASCADE_TEST",
  sizeBytes: 1,
  storedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
  envelope: {
    specversion: "1.0",
    id: `${type}-${second}`,
    type,
    source: "/services/test",
    subject: pipeline,
  },
  data: example,
});
const told = (...events: StoredEvent[]) =>
  foldStatus(events).map(({ lines }) => lines.map(({ label, text }) => `${label}: ${text}`));

test("a refused file does not hide the version that stays in force", () => {
  const [lines] = told(event(PipelineAppliedV1, 1), event(PipelineRefusedV1, 2), event(DatasetRejectedV1, 3));
  expect(lines?.[0]).toMatch(/^pipeline: applied: version /);
  expect(lines?.[1]).toMatch(/^: then refused, and the version above stays: .+:\d+:\d+ /);
  expect(lines?.[2]).toMatch(/^data: rejected: /);
});

test("a file that was applied after all is not told as refused, and one never applied is no pipeline", () => {
  expect(told(event(PipelineRefusedV1, 1), event(PipelineAppliedV1, 2))[0]).toHaveLength(1);
  expect(told(event(PipelineRefusedV1, 1))).toEqual([]);
});
