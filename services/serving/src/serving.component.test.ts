import {
  PredictionsLoggedV1,
  ReplicaFailedV1,
  ReplicaReadyV1,
  ServingWindowReportedV1,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { scalingModel, scalingShape, sigmoidModel, sigmoidShape } from "./testing/small-models.ts";
import { type AssignedVersion, startServing, v2Request } from "./testing/start-serving.ts";

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

test("versions are swapped back and forth under load without one failed or wrong answer", async () => {
  await using t = await startServing();
  const servables = await Promise.all(
    [1, 2, 3].map((factor) => t.servable(scalingModel(factor), scalingShape)),
  );
  const only = (version: number): AssignedVersion[] => {
    const servable = servables[version - 1];
    return servable === undefined ? [] : [{ version, weightPercent: 100, servable }];
  };
  await t.assign("flights", 1, only(1));
  await t.serving.nextEvent(ReplicaReadyV1);

  let running = true;
  const wrong: unknown[] = [];
  const answered = new Set<number>();
  const caller = async () => {
    while (running) {
      const { status, body } = await t.post("/v1/flights/predict", [{ distance: 100, origin: "LAX" }]);
      const [prediction] = body.predictions ?? [];
      answered.add(prediction?.version);
      // Each version has its own answer: one computed by another than the one it names would show.
      if (status !== 200 || prediction.prediction !== prediction.version * 10) wrong.push(body);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  for (const [index, version] of [2, 3, 1, 2, 1, 3, 2, 1].entries()) {
    const revision = index + 2;
    await t.assign("flights", revision, only(version));
    await t.serving.nextEvent(ReplicaReadyV1, ({ data }) => data.revision === revision);
    const { body } = await t.post("/v1/flights/predict", [{ distance: 100, origin: "LAX" }]);
    expect(body.predictions[0].version).toBe(version);
  }
  running = false;
  await Promise.all(callers);
  expect(wrong).toEqual([]);
  expect([...answered].sort()).toEqual([1, 2, 3]);
});

test("a model with other bytes is refused with the reason, and the version before keeps answering", async () => {
  await using t = await startServing({ CASCADE_SERVING_LOAD_RETRY_MS: "100" });
  const good = await t.servable(scalingModel(1), scalingShape);
  await t.assign("flights", 1, [{ version: 1, weightPercent: 100, servable: good }]);
  await t.serving.nextEvent(ReplicaReadyV1);

  const bad = await t.servable(scalingModel(2), scalingShape);
  const repair = await t.damage(bad.model);
  const assigned = await t.assign("flights", 2, [{ version: 2, weightPercent: 100, servable: bad }]);
  const failed = await t.serving.nextEvent(ReplicaFailedV1);
  expect(failed).toMatchObject({
    correlationId: assigned,
    data: { replica: "serving-1", revision: 2, version: 2, problem: { code: "ARTIFACT_DIGEST_MISMATCH" } },
  });
  const row = [{ distance: 100, origin: "LAX" }];
  expect((await t.post("/v1/flights/predict", row)).body.predictions[0]).toMatchObject({ version: 1 });
  expect((await t.get("/v1/pipelines")).body.pipelines[0]).toMatchObject({
    revision: 1,
    wanted: { revision: 2, state: "failed" },
    problem: { version: 2, code: "ARTIFACT_DIGEST_MISMATCH" },
  });

  // Once the artifact is restored the replica follows by itself.
  await repair();
  await t.serving.nextEvent(ReplicaReadyV1, ({ data }) => data.revision === 2);
  expect((await t.post("/v1/flights/predict", row)).body.predictions[0]).toMatchObject({ version: 2 });
});

test("what is no model of its description is refused", async () => {
  await using t = await startServing();
  const noModel = await t.servable(Buffer.from("no model"), scalingShape);
  const otherModel = await t.servable(sigmoidModel(), scalingShape);
  const badSql = await t.servable(scalingModel(1), {
    ...scalingShape,
    features: [
      { name: "x", sql: "nowhere / 2", kind: "number" },
      { name: "origin", sql: "origin", kind: "category" },
    ],
  });
  for (const [index, servable] of [noModel, otherModel, badSql].entries()) {
    await t.assign(`p${index}`, 1, [{ version: 1, weightPercent: 100, servable }]);
  }
  const codes = await Promise.all(
    ["p0", "p1", "p2"].map(async (name) => {
      const failed = await t.serving.nextEvent(ReplicaFailedV1, ({ pipeline }) => pipeline === name);
      return failed.data.problem.code;
    }),
  );
  expect(codes).toEqual(["MODEL_NOT_ONNX", "MODEL_CONTRACT_BROKEN", "FEATURES_NOT_COMPUTABLE"]);
  const answer = await t.post("/v1/p0/predict", [{ distance: 1, origin: "LAX" }]);
  expect(answer).toMatchObject({ status: 503, body: { code: "MODEL_NOT_LOADED" } });
  expect(answer.headers.get("retry-after")).toBe("1");
});

test("after a restart the desired state is read again, said to be ready again, and served", async () => {
  await using t = await startServing();
  const servable = await t.servable(scalingModel(4), scalingShape);
  await t.assign("flights", 5, [{ version: 4, weightPercent: 100, servable }]);
  const first = await t.serving.nextEvent(ReplicaReadyV1);
  await t.serving.restart();
  await t.serving.nextEvent(ReplicaReadyV1, ({ id, data }) => id !== first.id && data.revision === 5);
  await eventually(async () => (await t.get("/readyz")).status === 200, { describe: "readiness" });
  expect((await t.get("/v2/health/ready")).body).toEqual({ ready: true });
  const { body } = await t.post("/v1/flights/predict", [{ distance: 10, origin: "LAX" }]);
  expect(body.predictions[0]).toMatchObject({ version: 4, prediction: 4 });
});

test("an older revision that comes late is ignored", async () => {
  await using t = await startServing();
  const [one, two] = await Promise.all(
    [1, 2].map((factor) => t.servable(scalingModel(factor), scalingShape)),
  );
  if (one === undefined || two === undefined) throw new Error("no models");
  await t.assign("flights", 9, [{ version: 2, weightPercent: 100, servable: two }]);
  await t.serving.nextEvent(ReplicaReadyV1);
  await t.assign("flights", 8, [{ version: 1, weightPercent: 100, servable: one }]);
  await t.assign("other", 1, [{ version: 1, weightPercent: 100, servable: one }]);
  await t.serving.nextEvent(ReplicaReadyV1, ({ pipeline }) => pipeline === "other");
  expect((await t.get("/v1/pipelines")).body.pipelines[0]).toMatchObject({
    pipeline: "flights",
    revision: 9,
  });
});

test("traffic is split by weight, a version of no weight answers only who asks for it, and all is reported", async () => {
  await using t = await startServing();
  const versions = await Promise.all(
    [80, 20, 0].map(async (weightPercent, index) => ({
      version: index + 1,
      weightPercent,
      servable: await t.servable(scalingModel(index + 1), scalingShape),
    })),
  );
  await t.assign("flights", 3, versions);
  await t.serving.nextEvent(ReplicaReadyV1);
  const counts = [0, 0, 0];
  for (let index = 0; index < 400; index++) {
    const { body } = await t.post("/v1/flights/predict", {
      rows: [{ distance: 1, origin: "LAX" }],
      ids: [`request-${index}`],
    });
    const { version } = body.predictions[0];
    counts[version - 1] = (counts[version - 1] ?? 0) + 1;
  }
  expect(counts[2]).toBe(0);
  expect(counts[1]).toBeGreaterThan(50);
  expect(counts[1]).toBeLessThan(120);
  const { body } = await t.post("/v2/models/flights/versions/3/infer", v2Request(1, "LAX"));
  expect(body.model_version).toBe("3");

  await eventually(
    () => {
      const windows = t.serving
        .seen()
        .filter(({ envelope }) => envelope.type === ServingWindowReportedV1.type);
      const reported = windows.map(({ data }) => ServingWindowReportedV1.schema.parse(data));
      return [1, 2, 3].every((version, index) => {
        const own = reported.filter((window) => window.version === version && window.revision === 3);
        const requests = own.reduce((sum, window) => sum + window.requests, 0);
        return requests === (version === 3 ? 1 : counts[index]) && own.every(({ errors }) => errors === 0);
      });
    },
    { describe: "every request to be reported for its version" },
  );
  const metrics = await (await fetch(new URL("/metrics", t.serving.running.url))).text();
  expect(metrics).toContain(
    `model_infer_request_success{model="flights",version="1",service="serving"} ${counts[0]}`,
  );
});

test("rows that cannot be used are named with their columns, and nothing of the request is answered", async () => {
  await using t = await startServing({ CASCADE_SERVING_ROWS_PER_REQUEST_MAX: "10" });
  const servable = await t.servable(scalingModel(1), scalingShape);
  await t.assign("flights", 1, [{ version: 1, weightPercent: 100, servable }]);
  await t.serving.nextEvent(ReplicaReadyV1);
  const good = { distance: 1, origin: "LAX" };
  const wrong = await t.post("/v1/flights/predict", [
    good,
    { origin: "LAX" },
    { distance: "far", origin: "LAX" },
  ]);
  expect(wrong.status).toBe(422);
  expect(wrong.headers.get("content-type")).toContain("application/problem+json");
  expect(wrong.body).toMatchObject({
    code: "ROWS_INVALID",
    errors: [
      { row: 1, column: "distance" },
      { row: 2, column: "distance" },
    ],
  });
  // Training has seen rows without a value too; such a model is not asked what it cannot know.
  expect((await t.post("/v1/flights/predict", [{ distance: 3, origin: null }])).status).toBe(200);

  const refusals: [unknown, number, string][] = [
    ["{", 400, "BODY_NOT_JSON"],
    [{}, 400, "REQUEST_INVALID"],
    ["null", 400, "REQUEST_INVALID"],
    [[], 400, "REQUEST_INVALID"],
    [[1], 400, "REQUEST_INVALID"],
    [{ rows: [good], id: ["a"] }, 400, "REQUEST_INVALID"],
    [{ rows: [good, good], ids: ["a", "a"] }, 400, "REQUEST_INVALID"],
    [{ rows: [good], ids: [""] }, 400, "REQUEST_INVALID"],
    [{ rows: [good], ids: ["a\0"] }, 400, "REQUEST_INVALID"],
    [{ rows: [good], ids: ["a", "b"] }, 400, "REQUEST_INVALID"],
    [Array.from({ length: 11 }, () => good), 413, "TOO_MANY_ROWS"],
  ];
  for (const [body, status, code] of refusals) {
    expect(await t.post("/v1/flights/predict", body), JSON.stringify(body)).toMatchObject({
      status,
      body: { code },
    });
  }
  const unknown = await t.post("/v1/trains/predict", [good]);
  expect(unknown).toMatchObject({ status: 404, body: { code: "PIPELINE_UNKNOWN" } });
  expect(unknown.body.detail).toContain("flights");
  const answered = await t.post("/v1/flights/predict", [good], {
    "content-type": "application/octet-stream",
  });
  expect(answered.status).toBe(200);
});

test("predictions are logged in full when the service stops", async () => {
  await using t = await startServing({
    CASCADE_SERVING_LOG_FLUSH_MS: "60000",
    CASCADE_SERVING_WINDOW_MS: "60000",
  });
  const servable = await t.servable(sigmoidModel(), sigmoidShape);
  await t.assign("flights", 1, [{ version: 1, weightPercent: 100, servable }]);
  await t.serving.nextEvent(ReplicaReadyV1);
  const { body } = await t.post("/v1/flights/predict", [{ x: 2 }, { x: -2 }]);
  expect(body.predictions).toMatchObject([
    { prediction: "late", probability: expect.closeTo(0.8808, 4) },
    { prediction: "on time", probabilities: { "on time": expect.closeTo(0.8808, 4) } },
  ]);
  await t.serving.restart();
  const logged = await t.serving.nextEvent(PredictionsLoggedV1);
  const ids = body.predictions.map(({ id }: { id: string }) => id);
  expect(logged.data.predictions.map(({ id }) => id)).toEqual(ids);
  const window = await t.serving.nextEvent(ServingWindowReportedV1, ({ data }) => data.requests > 0);
  expect(window.data).toMatchObject({ version: 1, revision: 1, requests: 1, errors: 0 });
});
