import onnxProto from "onnx-proto";
import { expect, test } from "vitest";
import { GraphBuilder } from "./graph-builder.ts";

test("what is written is what the official schema reads", () => {
  const bytes = new GraphBuilder("sample")
    .input("city", "string", [null, 1])
    .floatConstant("w", [2, 1], [0.5, -1.25])
    .int64Constant("axes", [1], [-1])
    .node({
      operator: "LabelEncoder",
      domain: "ai.onnx.ml",
      inputs: ["city"],
      outputs: ["code"],
      attributes: {
        keys_strings: { texts: ["Łódź", ""] },
        values_floats: { floats: [0, 1.5] },
        default_float: { float: Number.NaN },
        counts: { ints: [1, -1, 2 ** 40] },
        mode: { text: "SUM" },
        axis: { int: -1 },
      },
    })
    .output("code", "float", [null, 1])
    .metadata("cascade.task", "regression")
    .encode();
  const model = onnxProto.onnx.ModelProto.toObject(onnxProto.onnx.ModelProto.decode(bytes), {
    longs: Number,
  });
  expect(model).toMatchObject({
    irVersion: 8,
    opsetImport: [
      { domain: "", version: 17 },
      { domain: "ai.onnx.ml", version: 3 },
    ],
    metadataProps: [{ key: "cascade.task", value: "regression" }],
  });
  expect(model.graph.initializer).toMatchObject([
    { name: "w", dims: [2, 1], floatData: [0.5, -1.25] },
    { name: "axes", dims: [1], int64Data: [-1] },
  ]);
  const [encoder] = model.graph.node;
  expect(encoder).toMatchObject({
    opType: "LabelEncoder",
    domain: "ai.onnx.ml",
    input: ["city"],
    output: ["code"],
  });
  const attribute = (name: string) => encoder.attribute.find((one: { name: string }) => one.name === name);
  expect(attribute("values_floats").floats).toEqual([0, 1.5]);
  expect(attribute("default_float").f).toBeNaN();
  expect(attribute("counts").ints).toEqual([1, -1, 2 ** 40]);
  expect(attribute("axis").i).toBe(-1);
  const texts = attribute("keys_strings").strings.map((text: Uint8Array) => new TextDecoder().decode(text));
  expect(texts).toEqual(["Łódź", ""]);
  expect(model.graph.input[0].type.tensorType).toMatchObject({
    elemType: 8,
    shape: { dim: [{ dimParam: "N" }, { dimValue: 1 }] },
  });
});
