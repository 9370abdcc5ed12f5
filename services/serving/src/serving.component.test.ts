import { PredictionsLoggedV1, ReplicaReadyV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { scalingModel, scalingShape } from "./testing/small-models.ts";
import { startServing } from "./testing/start-serving.ts";

test("a version that is assigned is loaded, answered by, logged and reported as ready in the same cascade", async () => {
  await using t = await startServing();
  const servable = await t.servable(scalingModel(2), scalingShape);
  const assigned = await t.assign("flights", 1, [{ version: 7, weightPercent: 100, servable }]);

  const ready = await t.serving.nextEvent(ReplicaReadyV1);
  expect(ready).toMatchObject({
    pipeline: "flights",
    data: { replica: "serving-1", revision: 1, versions: [7] },
    correlationId: assigned,
    causationId: assigned,
  });

  const answer = await t.post("/v1/flights/predict", {
    rows: [
      { distance: 50, origin: "SFO", extra: true },
      { distance: 30, origin: "LAX" },
    ],
    ids: ["a", "b"],
  });
  expect(answer).toMatchObject({
    status: 200,
    body: {
      pipeline: "flights",
      predictions: [
        { id: "a", version: 7, prediction: 110 },
        { id: "b", version: 7, prediction: 6 },
      ],
    },
  });

  const logged = await t.serving.nextEvent(PredictionsLoggedV1);
  expect(logged.data).toMatchObject({
    dropped: 0,
    predictions: [
      {
        id: "a",
        version: 7,
        input: { distance: 50, origin: "SFO" },
        features: { x: 5, origin: "SFO" },
        output: 110,
      },
      { id: "b", features: { x: 3, origin: "LAX" }, output: 6 },
    ],
  });
});
