import { PredictionsLoggedV1, ReplicaReadyV1 } from "@cascade/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scalingModel, scalingShape, sigmoidModel, sigmoidShape } from "./testing/small-models.ts";
import { type ServingUnderTest, startServing, v2Request } from "./testing/start-serving.ts";

describe("the Open Inference Protocol v2", () => {
  let t: ServingUnderTest;

  beforeAll(async () => {
    t = await startServing({ CASCADE_SERVING_ROWS_PER_REQUEST_MAX: "10" });
    const scaling = await t.servable(scalingModel(2), scalingShape);
    const sigmoid = await t.servable(sigmoidModel(), sigmoidShape);
    await t.assign("flights", 1, [{ version: 7, weightPercent: 100, servable: scaling }]);
    await t.assign("delays", 1, [{ version: 1, weightPercent: 100, servable: sigmoid }]);
    for (const name of ["flights", "delays"]) {
      await t.serving.nextEvent(ReplicaReadyV1, ({ pipeline }) => pipeline === name);
    }
  });
  afterAll(() => t[Symbol.asyncDispose]());

  test("a server says what it is, that it lives, and that it is ready", async () => {
    expect((await t.get("/v2")).body).toEqual({ name: "cascade-serving", version: "0.1.0", extensions: [] });
    expect(await t.get("/v2/health/live")).toMatchObject({ status: 200, body: { live: true } });
    expect(await t.get("/v2/health/ready")).toMatchObject({ status: 200, body: { ready: true } });
    expect((await t.get("/v2/models")).body).toEqual({ models: ["delays", "flights"] });
  });

  test("a model says what goes in and what comes out", async () => {
    const { body } = await t.get("/v2/models/flights");
    expect(body).toEqual({
      name: "flights",
      versions: ["7"],
      platform: "onnx_onnxv1",
      inputs: [
        { name: "x", datatype: "FP32", shape: [-1, 1] },
        { name: "origin", datatype: "BYTES", shape: [-1, 1] },
      ],
      outputs: [{ name: "prediction", datatype: "FP32", shape: [-1, 1] }],
      properties: { task: "regression" },
    });
    expect((await t.get("/v2/models/flights/versions/7")).body).toEqual(body);
    expect((await t.get("/v2/models/delays")).body.properties.classes).toBe('["on time","late"]');
    expect((await t.get("/v2/models/flights/ready")).body).toEqual({ name: "flights", ready: true });
    expect((await t.get("/v2/models/flights/versions/7/ready")).status).toBe(200);
  });

  test.each(["/v2/models/flights/infer", "/v2/models/flights/versions/7/infer"])(
    "%s answers",
    async (path) => {
      const { status, body } = await t.post(path, { id: "42", ...v2Request(3, "SFO") });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        model_name: "flights",
        model_version: "7",
        id: "42",
        outputs: [{ name: "prediction", datatype: "FP32", shape: [1, 1], data: [106] }],
      });
      const id = body.parameters.prediction_ids;
      const logged = await t.serving.nextEvent(PredictionsLoggedV1, ({ data }) =>
        data.predictions.some((prediction) => prediction.id === id),
      );
      const prediction = logged.data.predictions.find((one) => one.id === id);
      expect(prediction).toMatchObject({ version: 7, features: { x: 3, origin: "SFO" }, output: 106 });
      expect(prediction).not.toHaveProperty("input");
    },
  );

  test.each([
    ["FP32", [1, 2], [2]],
    ["FP64", [1, 2], [2, 1]],
    ["INT64", [[1], [2]], [2, 1]],
    ["INT32", [1, 2], [2]],
  ])("%s data %j of the shape %j are taken", async (datatype, data, shape) => {
    const { body } = await t.post("/v2/models/flights/infer", {
      inputs: [
        { name: "origin", datatype: "BYTES", shape: [2], data: ["LAX", "SFO"] },
        { name: "x", datatype, shape, data },
      ],
    });
    expect(body.outputs).toEqual([{ name: "prediction", datatype: "FP32", shape: [2, 1], data: [2, 104] }]);
  });

  test("the outputs that are asked for are given, in that order", async () => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [2, 1], data: [0.5, -0.5] }];
    const all = await t.post("/v2/models/delays/infer", { inputs });
    expect(
      all.body.outputs.map(({ name, shape }: { name: string; shape: number[] }) => [name, shape]),
    ).toEqual([
      ["label", [2, 1]],
      ["probabilities", [2, 2]],
    ]);
    expect(all.body.outputs[0]).toMatchObject({ datatype: "INT64", data: [1, 0] });
    const one = await t.post("/v2/models/delays/infer", { inputs, outputs: [{ name: "probabilities" }] });
    expect(one.body.outputs).toHaveLength(1);
    expect(one.body.outputs[0].name).toBe("probabilities");
  });

  test.each([{ "content-type": "application/octet-stream" }, { "content-type": "application/json" }])(
    "JSON is taken under %j",
    async (headers) => {
      expect((await t.post("/v2/models/flights/infer", v2Request(1, "LAX"), headers)).status).toBe(200);
    },
  );

  test("JSON is taken without a content type", async () => {
    const bytes = new Blob([JSON.stringify(v2Request(1, "LAX"))]);
    const response = await fetch(new URL("/v2/models/flights/infer", t.serving.running.url), {
      method: "POST",
      body: await bytes.arrayBuffer(),
    });
    expect(response.status).toBe(200);
  });

  const x = { name: "x", datatype: "FP32", shape: [1, 1], data: [1] };
  const origin = { name: "origin", datatype: "BYTES", shape: [1, 1], data: ["LAX"] };
  test.each<[string, unknown, number]>([
    ["no JSON", "{", 400],
    ["no object", "[]", 400],
    ["null", "null", 400],
    ["no inputs", {}, 400],
    ["an id that is no text", { id: 1, inputs: [x, origin] }, 400],
    ["an input that is missing", { inputs: [x] }, 400],
    ["an input twice", { inputs: [x, x, origin] }, 400],
    ["a foreign input", { inputs: [x, origin, { ...x, name: "__proto__x" }] }, 400],
    ["an input that is no tensor", { inputs: [null] }, 400],
    ["a datatype that does not exist", { inputs: [{ ...x, datatype: "toString" }, origin] }, 400],
    ["a datatype of the other kind", { inputs: [{ ...x, datatype: "BYTES", data: ["1"] }, origin] }, 400],
    ["no data", { inputs: [{ ...x, data: undefined }, origin] }, 400],
    ["text for a number", { inputs: [{ ...x, data: ["1"] }, origin] }, 400],
    ["a fraction for a whole number", { inputs: [{ ...x, datatype: "INT32", data: [1.5] }, origin] }, 400],
    ["a whole number out of range", { inputs: [{ ...x, datatype: "INT8", data: [128] }, origin] }, 400],
    ["a wrong shape", { inputs: [{ ...x, shape: [1, 2] }, origin] }, 400],
    ["a shape of no rows", { inputs: [{ ...x, shape: [0, 1], data: [] }, origin] }, 400],
    ["a shape that is none", { inputs: [{ ...x, shape: "1" }, origin] }, 400],
    ["fewer values than the shape says", { inputs: [{ ...x, shape: [2, 1] }, origin] }, 400],
    ["inputs of different lengths", { inputs: [{ ...x, shape: [2], data: [1, 2] }, origin] }, 400],
    ["data nested too deep", { inputs: [{ ...x, data: [[[1]]] }, origin] }, 400],
    ["a number that the model cannot take", { inputs: [{ ...x, data: [1e39] }, origin] }, 422],
    ["an unknown output", { inputs: [x, origin], outputs: [{ name: "label" }] }, 400],
    ["outputs that are no list", { inputs: [x, origin], outputs: "all" }, 400],
    [
      "too many rows",
      { inputs: [{ ...x, shape: [11], data: Array.from({ length: 11 }, () => 1) }, origin] },
      413,
    ],
  ])("%s is the caller's error", async (_, body, status) => {
    const answer = await t.post("/v2/models/flights/infer", body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: expect.any(String) });
  });

  test("one bad request does not spoil those that are answered together with it", async () => {
    const bad = t.post("/v2/models/flights/infer", { inputs: [{ ...x, data: [1e39] }, origin] });
    const good = Array.from({ length: 20 }, (_, index) =>
      t.post("/v2/models/flights/infer", v2Request(index, "LAX")),
    );
    const answers = await Promise.all(good);
    expect(answers.map(({ body }) => body.outputs[0].data[0])).toEqual(answers.map((_, index) => 2 * index));
    expect((await bad).status).toBe(422);
  });

  test("what is not there is said in the protocol's own form", async () => {
    for (const path of [
      "/v2/models/nobody",
      "/v2/models/flights/versions/8",
      "/v2/models/flights/versions/x/ready",
      "/v2/nothing",
    ]) {
      const answer = await t.get(path);
      expect(answer.status, path).toBe(404);
      expect(answer.body).toEqual({ error: expect.any(String) });
    }
    expect((await t.post("/v2/models/nobody/infer", v2Request(1, "LAX"))).status).toBe(404);
  });

  test("binary tensors are refused with what to do instead", async () => {
    const headers = { "inference-header-content-length": "10", "content-type": "application/octet-stream" };
    const answer = await t.post("/v2/models/flights/infer", v2Request(1, "LAX"), headers);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining("as JSON") } });
  });
});
