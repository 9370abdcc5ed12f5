import { afterEach, describe, expect, test } from "vitest";
import type { ElementType } from "../element-types.ts";
import { doublingModel, endlessModel } from "../testing/small-models.ts";
import { GraphBuilder } from "../write/graph-builder.ts";
import { loadModel, type OnnxModel } from "./load-model.ts";

let open: OnnxModel | undefined;
afterEach(() => open?.release());

async function load(bytes: Uint8Array): Promise<OnnxModel> {
  open = await loadModel(bytes, { intraOpThreads: 1 });
  return open;
}

/** Gives each input back as an output. */
async function echo(type: ElementType, width = 1): Promise<OnnxModel> {
  const graph = new GraphBuilder("echo").input("x", type, [null, width]).output("y", type, [null, width]);
  return load(graph.node({ operator: "Identity", inputs: ["x"], outputs: ["y"] }).encode());
}

test("a model answers rows, and leaves columns alone that it does not know", async () => {
  const model = await load(doublingModel());
  const { y } = await model.run({ x: Float32Array.of(1, 2), other: ["?", "?"] }, 2);
  expect(y).toEqual({ data: Float32Array.of(2, 4), shape: [2, 1] });
  expect(model.description.metadata).toEqual({ "cascade.task": "regression" });
});

test.each([
  ["float", [1, true, null], Float32Array.of(1, 1, Number.NaN)],
  ["double", [0.1, false, null], Float64Array.of(0.1, 0, Number.NaN)],
  ["int64", [1, -2, true], BigInt64Array.of(1n, -2n, 1n)],
  ["int32", [1, -2, true], Int32Array.of(1, -2, 1)],
  ["bool", [true, 0, false], Uint8Array.of(1, 0, 0)],
  ["string", ["a", null, "ü\u0000b"], ["a", "", "ü\ufffdb"]],
] as const)(
  "a plain list becomes a %s tensor, and missing values become its missing value",
  async (type, list, data) => {
    const model = await echo(type);
    expect((await model.run({ x: list }, 3)).y?.data).toEqual(data);
  },
);

test.each([
  ["float", "1"],
  ["double", "1"],
  ["int64", null],
  ["int64", 1.5],
  ["int64", 2 ** 60],
  ["int32", 2 ** 31],
  ["bool", 2],
  ["string", 5],
] as const)("a %s input refuses %j and names the input and the row", async (type, bad) => {
  const model = await echo(type);
  const good = type === "string" ? "a" : 1;
  await expect(model.run({ x: [good, bad] }, 2)).rejects.toMatchObject({
    code: "INPUT_WRONG_TYPE",
    details: { input: "x", row: 1 },
  });
});

describe("lengths", () => {
  test("a column of the wrong length is refused before the runtime sees it", async () => {
    const model = await echo("float");
    await expect(model.run({ x: [1, 2] }, 3)).rejects.toMatchObject({ code: "INPUT_WRONG_LENGTH" });
  });

  test("an input of several values a row takes them row by row", async () => {
    const model = await echo("float", 2);
    expect((await model.run({ x: [1, 2, 3, 4] }, 2)).y?.shape).toEqual([2, 2]);
  });

  test("no rows give no answers", async () => {
    const model = await echo("float");
    expect((await model.run({ x: [] }, 0)).y).toEqual({ data: new Float32Array(), shape: [0, 1] });
  });
});

test("a missing column is named", async () => {
  const model = await load(doublingModel());
  await expect(model.run({ toString: [1] }, 1)).rejects.toMatchObject({
    code: "INPUT_MISSING",
    details: { input: "x" },
  });
});

test("an input called __proto__ is an input like any other", async () => {
  const name = "__proto__";
  const graph = new GraphBuilder("proto").input(name, "float", [null, 1]).output("y", "float", [null, 1]);
  const model = await load(graph.node({ operator: "Identity", inputs: [name], outputs: ["y"] }).encode());
  await expect(model.run({}, 1)).rejects.toMatchObject({ code: "INPUT_MISSING" });
  expect({}).not.toHaveProperty("data");
});

test("a graph that does not fit together is refused by the runtime with its reason", async () => {
  const graph = new GraphBuilder("broken").input("x", "float", [null, 1]).output("y", "float", [null, 1]);
  const broken = graph.node({ operator: "Add", inputs: ["x", "nowhere"], outputs: ["y"] }).encode();
  await expect(load(broken)).rejects.toMatchObject({
    code: "MODEL_REFUSED",
    message: expect.stringContaining("nowhere"),
  });
});

test("a model that only runs forever still loads: time is the sandbox's concern", async () => {
  await expect(load(endlessModel())).resolves.toBeDefined();
});

test("a released model says so", async () => {
  const model = await load(doublingModel());
  await model.release();
  await expect(model.run({ x: [1] }, 1)).rejects.toMatchObject({ code: "MODEL_RELEASED" });
});
