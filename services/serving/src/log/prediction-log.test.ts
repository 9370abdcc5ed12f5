import { type DataOf, type NewEvent, PredictionsLoggedV1 } from "@cascade/contracts";
import type { Logger } from "@cascade/messaging";
import { expect, test } from "vitest";
import { type LoggedPrediction, openPredictionLog } from "./prediction-log.ts";

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

function prediction(id: number, text = ""): LoggedPrediction {
  return { id: `p${id}`, version: 1, at: "2026-03-01T06:00:00.000Z", features: { text }, output: 1 };
}

/** A log in front of a broker that refuses while it is told to. */
function logBefore(limits: { predictionsMax?: number; bytesMax?: number } = {}) {
  const published: DataOf<typeof PredictionsLoggedV1>[] = [];
  const broker = { away: false };
  const log = openPredictionLog({
    replica: "serving-1",
    log: silent,
    flushMs: 60_000,
    predictionsMax: 10_000,
    bytesMax: 10_000_000,
    ...limits,
    publisher: {
      publish: async (event: NewEvent) => {
        if (broker.away) throw new Error("the broker is away");
        published.push(PredictionsLoggedV1.schema.parse(event.data));
        return { id: "1" };
      },
    },
  });
  return { log, published, broker };
}

test("predictions leave in batches of at most 1,000 and about 200 kB, in order and each once", async () => {
  const { log, published } = logBefore();
  for (let id = 0; id < 2500; id++) log.add("flights", prediction(id), 100);
  for (let id = 2500; id < 2600; id++) log.add("flights", prediction(id, "x".repeat(10_000)), 10_000);
  await log.close();
  const ids = published.flatMap(({ predictions }) => predictions.map(({ id }) => id));
  expect(ids).toEqual(Array.from({ length: 2600 }, (_, id) => `p${id}`));
  expect(Math.max(...published.map(({ predictions }) => predictions.length))).toBe(1000);
  expect(Math.max(...published.map((batch) => JSON.stringify(batch).length))).toBeLessThan(210_000);
});

test("what does not fit into the buffer is dropped and counted in the next batch of its pipeline", async () => {
  const { log, published } = logBefore({ predictionsMax: 10 });
  for (let id = 0; id < 15; id++) log.add("flights", prediction(id), 100);
  await log.close();
  expect(published.map(({ predictions, dropped }) => [predictions.length, dropped])).toEqual([[10, 5]]);
});

test("large predictions fill the buffer before many small ones do", async () => {
  const { log, published } = logBefore({ bytesMax: 1000 });
  for (let id = 0; id < 5; id++) log.add("flights", prediction(id), 400);
  await log.close();
  expect(published.map(({ predictions, dropped }) => [predictions.length, dropped])).toEqual([[2, 3]]);
});

test("a batch that cannot be published is kept and goes out when the broker is back", async () => {
  const { log, published, broker } = logBefore({ predictionsMax: 1200 });
  broker.away = true;
  // The thousandth starts a flush at once, which fails.
  for (let id = 0; id < 1300; id++) log.add("flights", prediction(id), 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(published).toEqual([]);
  broker.away = false;
  await log.close();
  const ids = published.flatMap(({ predictions }) => predictions.map(({ id }) => id));
  expect(ids).toEqual(Array.from({ length: 1200 }, (_, id) => `p${id}`));
  expect(published.map(({ dropped }) => dropped)).toEqual([100, 0]);
});

test("a prediction that is too large for an event is dropped and stops nothing behind it", async () => {
  const { log, published } = logBefore();
  log.add("flights", prediction(0, "x".repeat(300_000)), 600_000);
  log.add("flights", prediction(1), 100);
  await log.close();
  expect(published.map(({ predictions, dropped }) => [predictions[0]?.id, dropped])).toEqual([["p1", 1]]);
});

test("pipelines do not share batches", async () => {
  const { log, published } = logBefore();
  for (let id = 0; id < 4; id++) log.add(id % 2 === 0 ? "flights" : "trains", prediction(id), 100);
  await log.close();
  expect(published.map(({ predictions }) => predictions.map(({ id }) => id))).toEqual([
    ["p0", "p2"],
    ["p1", "p3"],
  ]);
});
