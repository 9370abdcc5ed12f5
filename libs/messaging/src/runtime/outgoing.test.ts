import { LabelsArrivedV1 } from "@cascade/contracts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { prepareEvent } from "./outgoing.ts";

const origin = { source: "urn:test", at: ROOT_CONTEXT, now: new Date(0), newId: () => "id" };
const labels = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    predictionId: String(index).padStart(256, "0"),
    label: true,
  }));

test("an event that is too large is refused where it is made, and the error says where large things belong", () => {
  const event = LabelsArrivedV1.create("flights", { labels: labels(1500) });
  expect(() => prepareEvent(event, origin)).toThrow(
    expect.objectContaining({
      code: "EVENT_TOO_LARGE",
      message: expect.stringContaining("store what is large as an artifact"),
    }),
  );
});

test("an event that breaks its own contract is refused where it is made", () => {
  const event = LabelsArrivedV1.create("flights", { labels: [] });
  expect(() => prepareEvent(event, origin)).toThrow(expect.objectContaining({ code: "EVENT_INVALID" }));
});
