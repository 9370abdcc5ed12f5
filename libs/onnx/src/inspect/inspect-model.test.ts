import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OnnxError } from "../errors.ts";
import { doublingModel, endlessModel, modelOf, node, value } from "../testing/small-models.ts";
import { GraphBuilder } from "../write/graph-builder.ts";
import { ProtobufWriter } from "../write/protobuf-writer.ts";
import { inspectModel } from "./inspect-model.ts";

const refusal = (bytes: Uint8Array) => {
  try {
    inspectModel(bytes);
  } catch (error) {
    return error instanceof OnnxError ? error.code : error;
  }
  return "accepted";
};

/** A graph from x to y with the given parts before its node. */
function graphWith(change: (graph: ProtobufWriter) => void, operator = "Identity"): Uint8Array {
  const graph = new ProtobufWriter().message(1, node(operator, ["x", "size"], ["y"]));
  change(graph);
  return modelOf(graph.message(11, value("x", 1, [null, 1])).message(12, value("y", 1, [null, 1])));
}

test("a model is described from its bytes alone", () => {
  const bytes = doublingModel();
  expect(inspectModel(bytes)).toEqual({
    inputs: [{ name: "x", type: "float", shape: [null, 1] }],
    outputs: [{ name: "y", type: "float", shape: [null, 1] }],
    opsets: { "": 17, "ai.onnx.ml": 3 },
    operators: ["Add"],
    metadata: { "cascade.task": "regression" },
    sizeBytes: bytes.length,
  });
});

test("operators inside a loop are seen too", () => {
  expect(inspectModel(endlessModel()).operators).toEqual(["Add", "Identity", "Loop"]);
});

describe("files that are no models", () => {
  test.each([
    ["a pickle", Uint8Array.of(0x80, 0x04, 0x95, 0, 0), /pickle/],
    ["a zip archive", Uint8Array.of(0x50, 0x4b, 3, 4, 0), /TorchScript/],
    ["an HDF5 file", Uint8Array.of(0x89, 0x48, 0x44, 0x46), /HDF5/],
    ["JSON", new TextEncoder().encode('{"a": 1}'), /JSON/],
    ["an HTML page", new TextEncoder().encode("<html>"), /HTML/],
    ["text", new TextEncoder().encode("weights: 1, 2, 3"), /ONNX/],
  ])("%s is refused and named", (_, bytes, message) => {
    expect(refusal(bytes)).toBe("MODEL_NOT_ONNX");
    expect(() => inspectModel(bytes)).toThrow(message);
  });

  test("an empty file is refused", () => {
    expect(refusal(new Uint8Array())).toBe("MODEL_EMPTY");
  });

  test("a model that is cut anywhere is refused", () => {
    const bytes = doublingModel();
    for (let length = 1; length < bytes.length; length++) {
      // Without the metadata at its end the rest is still a whole model.
      if (refusal(bytes.subarray(0, length)) === "accepted") {
        expect(inspectModel(bytes.subarray(0, length)).metadata).toEqual({});
      }
    }
    expect(refusal(bytes.subarray(0, 30))).toBe("MODEL_TRUNCATED");
  });

  test("any bytes at all give a description or an OnnxError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(refusal(bytes)).toMatch(/^(MODEL_|accepted)/);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test("a model with a few changed bytes gives a description or an OnnxError", () => {
    const original = endlessModel();
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = original.slice();
        for (const [position, byte] of changes) bytes[position] = byte;
        expect(refusal(bytes)).toMatch(/^(MODEL_|accepted)/);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});

describe("models that are refused", () => {
  test("above the size limit", () => {
    expect(() => inspectModel(doublingModel(), { sizeBytesMax: 10 })).toThrow(/larger than the limit/);
  });

  test("with data in other files", () => {
    const external = new ProtobufWriter().integers(1, [4]).integer(2, 1).text(8, "w");
    external.message(13, new ProtobufWriter().text(1, "location").text(2, "../../etc/passwd"));
    expect(refusal(graphWith((graph) => graph.message(5, external.integer(14, 1))))).toBe(
      "MODEL_EXTERNAL_DATA",
    );
    const inAttribute = new ProtobufWriter().text(1, "value").message(5, external);
    const constant = node("Constant", [], ["c"]).message(5, inAttribute);
    expect(refusal(graphWith((graph) => graph.message(1, constant)))).toBe("MODEL_EXTERNAL_DATA");
  });

  test("with operators of other domains, or unknown ones", () => {
    const custom = node("Shell", ["x"], ["z"]).text(7, "com.example");
    expect(refusal(graphWith((graph) => graph.message(1, custom)))).toBe("MODEL_UNKNOWN_DOMAIN");
    expect(refusal(graphWith(() => undefined, "Adam"))).toBe("MODEL_UNKNOWN_OPERATOR");
  });

  test("with functions of their own, or training information", () => {
    const model = (field: number) =>
      Uint8Array.of(...doublingModel(), ...new ProtobufWriter().text(field, "x").encode());
    expect(refusal(model(25))).toBe("MODEL_UNKNOWN_DOMAIN");
    expect(refusal(model(20))).toBe("MODEL_UNKNOWN_OPERATOR");
  });

  test("without inputs or without outputs", () => {
    const identity = { operator: "Identity", inputs: ["c"], outputs: ["y"] };
    const constant = new GraphBuilder("c").floatConstant("c", [1], [1]).node(identity);
    expect(refusal(constant.output("y", "float", [1]).encode())).toBe("MODEL_WITHOUT_INPUTS");
    expect(refusal(new GraphBuilder("c").input("x", "float", [null, 1]).encode())).toBe(
      "MODEL_WITHOUT_OUTPUTS",
    );
  });

  test("with a negative size, or an output that is not a plain tensor", () => {
    const negative = graphWith((graph) => graph.message(11, value("z", 1, [-4])));
    expect(refusal(negative)).toBe("MODEL_BAD_SHAPE");
    const sequence = new ProtobufWriter().message(4, new ProtobufWriter());
    const output = new ProtobufWriter().text(1, "z").message(2, sequence);
    expect(refusal(graphWith((graph) => graph.message(12, output)))).toBe("MODEL_UNSUPPORTED_TYPE");
    expect(refusal(graphWith((graph) => graph.message(12, value("z", 10, [1]))))).toBe(
      "MODEL_UNSUPPORTED_TYPE",
    );
  });

  test("that build a giant tensor, or one of unknown size", () => {
    const sized = (sizes: number[]) =>
      graphWith((graph) => {
        graph.message(
          5,
          new ProtobufWriter().integers(1, [sizes.length]).integer(2, 7).integers(7, sizes).text(8, "size"),
        );
      }, "Expand");
    expect(refusal(sized([100, 100]))).toBe("accepted");
    expect(refusal(sized([100_000, 100_000]))).toBe("MODEL_GIANT_TENSOR");
    expect(refusal(graphWith(() => undefined, "Tile"))).toBe("MODEL_GIANT_TENSOR");
  });

  test("that claim a constant larger than the file", () => {
    const claim = new ProtobufWriter()
      .integers(1, [2 ** 40])
      .integer(2, 1)
      .text(8, "w");
    expect(refusal(graphWith((graph) => graph.message(5, claim)))).toBe("MODEL_GIANT_TENSOR");
  });

  test("that nest graphs without end", () => {
    let graph = new ProtobufWriter().text(2, "inner");
    for (let depth = 0; depth < 10_000; depth += 1) {
      if (depth > 200) break;
      const branch = new ProtobufWriter().text(1, "then_branch").message(6, graph);
      graph = new ProtobufWriter().message(1, node("If", ["x"], ["y"]).message(5, branch));
    }
    expect(refusal(modelOf(graph))).toBe("MODEL_TOO_DEEP");
  });
});

test("metadata called __proto__ stays data", () => {
  const bytes = new GraphBuilder("m")
    .input("x", "float", [null, 1])
    .node({ operator: "Identity", inputs: ["x"], outputs: ["y"] })
    .output("y", "float", [null, 1])
    .metadata("__proto__", "polluted")
    .encode();
  expect(Object.entries(inspectModel(bytes).metadata)).toEqual([["__proto__", "polluted"]]);
});
