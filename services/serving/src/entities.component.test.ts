import {
  entityText,
  type Lookup,
  type OnlineRow,
  onlineRowSubject,
  onlineRowsStream,
  PredictionsLoggedV1,
  ReplicaReadyV1,
} from "@cascade/contracts";
import { connectBroker, noLog, openKeyValue } from "@cascade/messaging";
import { expect, test } from "vitest";
import { scalingModel, scalingShape } from "./testing/small-models.ts";
import { startServing } from "./testing/start-serving.ts";

const flights: Lookup = {
  pipeline: "flights",
  view: "airports",
  viewDigest: `sha256:${"1".repeat(64)}`,
  on: [{ name: "origin", type: "string" }],
  time: "at",
  columns: [{ name: "delays_7d", from: "delays", type: "integer", missing: 0 }],
};
const known: OnlineRow = {
  entity: "3:SFO",
  time: "2026-01-01T00:00:00.000Z",
  position: 1,
  values: {},
  steps: [
    { after: "2026-01-01T00:00:00.000Z", values: { delays: 9 } },
    { after: "2026-01-05T00:00:00.000Z", values: { delays: 4 } },
  ],
};

test("rows that name an entity are answered with what is known of it at their time", async () => {
  await using t = await startServing();
  const connection = await connectBroker({ servers: t.serving.natsUrl, name: "test-entities", log: noLog });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => connection.close());
  const bucket = openKeyValue({ connection, stream: onlineRowsStream, timeoutMs: 5000 });
  await bucket.put(onlineRowSubject(flights, entityText(["SFO"]) ?? ""), known, 0);
  const servable = await t.servable(scalingModel(10), {
    ...scalingShape,
    features: [
      { name: "x", sql: '"delays_7d"', kind: "number" },
      { name: "origin", sql: "origin", kind: "category" },
    ],
    inputColumns: [
      { name: "origin", type: "string" },
      { name: "at", type: "timestamp" },
    ],
    lookups: [flights],
  });
  await t.assign("flights", 1, [{ version: 1, weightPercent: 100, servable }]);
  await t.serving.nextEvent(ReplicaReadyV1);

  const rows = [
    { origin: "SFO", at: "2026-01-02T00:00:00Z" },
    { origin: "SFO", at: "2026-01-06 00:00:00" },
    { origin: "SFO", at: null },
    { origin: "LAX", at: "2026-01-02T00:00:00Z" },
    { origin: null, at: null },
  ];
  const { status, body } = await t.post("/v1/flights/predict", rows);
  expect([status, body.predictions?.map((one: { prediction: number }) => one.prediction)]).toEqual([
    200,
    [190, 140, 140, 0, 0],
  ]);
  // What was looked up is a feature like any other; the row is logged as it was sent.
  const { data } = await t.serving.nextEvent(PredictionsLoggedV1);
  expect(data.predictions[0]).toMatchObject({ input: rows[0], features: { x: 9, origin: "SFO" } });

  // Without the bucket no answer is made up, and it is no failure of the version.
  await connection.request(`$JS.API.STREAM.DELETE.${onlineRowsStream.name}`);
  const refused = await t.post("/v1/flights/predict", rows.slice(0, 1));
  expect(refused).toMatchObject({ status: 503, body: { code: "ENTITIES_UNAVAILABLE" } });
  expect(refused.headers.get("retry-after")).toBe("1");
});
