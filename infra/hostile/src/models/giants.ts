import { endlessModel, memoryEatingModel } from "@cascade/onnx/testing";
import {
  bool,
  branch,
  flag,
  float,
  floats,
  graph,
  graphAttribute,
  int64,
  integerAttribute,
  integers,
  integersAttribute,
  modelOf,
  node,
  ProtobufWriter,
  tensorAttribute,
  value,
} from "./graphs.ts";
import type { HostileModel, ModelAnswer } from "./model-input.ts";

const row = 39;
const giant: ModelAnswer = { refused: "MODEL_GIANT_TENSOR" };
/** The runtime gives up when it cannot have the memory; where it can, the sandbox ends it. */
const noMemory: ModelAnswer = {
  refused: ["RUN_FAILED", "MODEL_REFUSED", "SANDBOX_MEMORY", "SANDBOX_TIMEOUT", "SANDBOX_CRASHED"],
};
type Case = readonly [name: string, bytes: Uint8Array, wanted: ModelAnswer];

const huge = [100_000, 100_000];
/** x plus the sum of the giant, so that nothing can leave it out. */
const summed = (...nodes: readonly ProtobufWriter[]) =>
  graph(
    ...nodes,
    node("ReduceSum", ["big"], ["sum"]).message(5, integerAttribute("keepdims", 0)),
    node("Add", ["x", "sum"], ["y"]),
  );
const expand = (sizeName = "size") =>
  summed(node("Expand", ["one", sizeName], ["big"])).message(5, floats("one", [1]));
const constantNode = (name: string, values: readonly number[], ...more: readonly ProtobufWriter[]) => {
  const attribute = new ProtobufWriter().text(1, "value").message(5, integers("", values));
  for (const tensor of more) attribute.message(5, tensor);
  return node("Constant", [], [name]).message(5, attribute.integer(20, 4));
};
const sized = (operator: string, inputs: readonly string[]) =>
  modelOf(
    summed(node(operator, inputs, ["big"]))
      .message(5, floats("one", [1], [1, 1]))
      .message(5, integers("size", huge)),
  );

/** What the static check sees: a size that is too large, or one that nobody can know before. */
const seen: readonly Case[] = [
  ["Expand to ten billion elements", sized("Expand", ["one", "size"]), giant],
  ["Tile to ten billion elements", sized("Tile", ["one", "size"]), giant],
  ["ConstantOfShape of ten billion elements", sized("ConstantOfShape", ["size"]), giant],
  [
    "a giant size in raw bytes",
    modelOf(
      expand().message(
        5,
        new ProtobufWriter()
          .integers(1, [2])
          .integer(2, int64)
          .text(8, "size")
          .bytes(9, new Uint8Array(new BigInt64Array([100_000n, 100_000n]).buffer)),
      ),
    ),
    giant,
  ],
  [
    "a giant size in a constant node",
    modelOf(
      summed(constantNode("size", huge), node("Expand", ["one", "size"], ["big"])).message(
        5,
        floats("one", [1]),
      ),
    ),
    giant,
  ],
  [
    "a size that is computed",
    modelOf(
      summed(
        node("Shape", ["x"], ["shape"]),
        node("Mul", ["shape", "million"], ["size"]),
        node("Expand", ["one", "size"], ["big"]),
      )
        .message(5, floats("one", [1]))
        .message(5, integers("million", [1_000_000])),
    ),
    giant,
  ],
  ["a size that is an input", modelOf(expand("n").message(11, value("n", int64, [1]))), giant],
  [
    "a size in whole numbers of an attribute",
    modelOf(
      summed(
        node("Constant", [], ["size"]).message(5, integersAttribute("value_ints", huge)),
        node("Expand", ["one", "size"], ["big"]),
      ).message(5, floats("one", [1])),
    ),
    giant,
  ],
  [
    "a size that is given twice, small at last",
    modelOf(
      expand()
        .message(5, integers("size", huge))
        .message(5, integers("size", [1])),
    ),
    giant,
  ],
  [
    "a size that a branch gives again, small",
    modelOf(
      expand()
        .message(5, integers("size", huge))
        .message(
          1,
          node("If", ["always"], ["unused"])
            .message(
              5,
              graphAttribute(
                "then_branch",
                branch("b", node("Identity", ["x"], ["b"])).message(5, integers("size", [1])),
              ),
            )
            .message(5, graphAttribute("else_branch", branch("c", node("Identity", ["x"], ["c"])))),
        )
        .message(5, flag("always", true)),
    ),
    giant,
  ],
  [
    "a size that a constant gives in two halves",
    modelOf(
      summed(
        constantNode("size", huge, new ProtobufWriter().integer(2, int64)),
        node("Expand", ["one", "size"], ["big"]),
      ).message(5, floats("one", [1])),
    ),
    giant,
  ],
  [
    "a size that another operator only looks like giving",
    modelOf(
      summed(
        node("ConstantOfShape", ["two"], ["size"]).message(
          5,
          tensorAttribute("value", integers("", [100_000])),
        ),
        node("Expand", ["one", "size"], ["big"]),
      )
        .message(5, floats("one", [1]))
        .message(5, integers("two", [2])),
    ),
    giant,
  ],
  ["a size below zero", modelOf(expand().message(5, integers("size", [-5]))), { refused: "MODEL_BAD_SHAPE" }],
  [
    "a thousand dimensions",
    modelOf(expand().message(5, integers("size", Array<number>(1000).fill(2)))),
    giant,
  ],
  [
    "a giant within a branch",
    modelOf(
      graph(
        node("If", ["always"], ["y"])
          .message(5, graphAttribute("then_branch", branch("b", node("Expand", ["x", "size"], ["b"]))))
          .message(5, graphAttribute("else_branch", branch("c", node("Identity", ["x"], ["c"])))),
      )
        .message(5, flag("always", true))
        .message(5, integers("size", huge)),
    ),
    giant,
  ],
];

/** Operators that build something large in other ways; they end in the sandbox. */
const tenBillion = 10_000_000_000;
const built: readonly Case[] = [
  [
    "Range over ten billion numbers",
    modelOf(
      summed(node("Range", ["zero", "end", "step"], ["big"]))
        .message(5, floats("zero", [0], []))
        .message(5, floats("end", [tenBillion], []))
        .message(5, floats("step", [1], [])),
    ),
    noMemory,
  ],
  [
    "RandomUniform of ten billion numbers",
    modelOf(summed(node("RandomUniform", [], ["big"]).message(5, integersAttribute("shape", huge)))),
    noMemory,
  ],
  [
    "RandomNormal of ten billion numbers",
    modelOf(summed(node("RandomNormal", [], ["big"]).message(5, integersAttribute("shape", huge)))),
    noMemory,
  ],
  [
    "padding by ten billion numbers",
    modelOf(summed(node("Pad", ["x", "pads"], ["big"])).message(5, integers("pads", [0, 0, 0, tenBillion]))),
    noMemory,
  ],
  [
    "one of ten billion classes",
    modelOf(
      summed(
        node("Cast", ["x"], ["n"]).message(5, integerAttribute("to", int64)),
        node("OneHot", ["n", "depth", "pair"], ["big"]),
      )
        .message(5, integers("depth", [tenBillion]))
        .message(5, floats("pair", [0, 1])),
    ),
    noMemory,
  ],
  [
    "a window of ten billion numbers",
    modelOf(summed(node("HannWindow", ["n"], ["big"])).message(5, integers("n", [tenBillion], []))),
    noMemory,
  ],
  [
    "a matrix of all products",
    modelOf(
      summed(
        node("Expand", ["one", "size"], ["long"]),
        node("Transpose", ["long"], ["wide"]),
        node("MatMul", ["long", "wide"], ["big"]),
      )
        .message(5, floats("one", [1], [1, 1]))
        .message(5, integers("size", [500_000, 1])),
    ),
    noMemory,
  ],
  [
    "resizing a hundred thousand times",
    modelOf(
      summed(node("Resize", ["x", "", "scales"], ["big"])).message(5, floats("scales", [100_000, 100_000])),
    ),
    noMemory,
  ],
  [
    "a list that doubles twenty-eight times",
    memoryEatingModel(28),
    { refused: ["SANDBOX_MEMORY", "RUN_FAILED"] },
  ],
];

const endless = (trips: number, body: (loop: ProtobufWriter) => ProtobufWriter) => {
  const inner = body(new ProtobufWriter()).text(2, "body");
  inner
    .message(11, value("i", int64, []))
    .message(11, value("keep_in", bool, []))
    .message(11, value("s_in", float, [null, 1]));
  inner.message(12, value("keep", bool, [])).message(12, value("s", float, [null, 1]));
  return modelOf(
    graph(node("Loop", ["trips", "always", "x"], ["y"]).message(5, graphAttribute("body", inner)))
      .message(5, integers("trips", [trips], []))
      .message(5, flag("always", true)),
  );
};
const counting = (loop: ProtobufWriter) =>
  loop.message(1, node("Identity", ["keep_in"], ["keep"])).message(1, node("Add", ["s_in", "s_in"], ["s"]));
const growing = (loop: ProtobufWriter) =>
  loop
    .message(1, node("Identity", ["keep_in"], ["keep"]))
    .message(1, node("Concat", ["s_in", "s_in"], ["s"]).message(5, integerAttribute("axis", 0)));

const loops: readonly Case[] = [
  ["a loop of 2^53 steps", endlessModel(), { refused: "SANDBOX_TIMEOUT" }],
  ["a loop of 2^62 steps", endless(2 ** 62, counting), { refused: "SANDBOX_TIMEOUT" }],
  ["a loop that doubles its state", endless(2 ** 62, growing), noMemory],
  ["a loop of a negative number of steps", endless(-1, counting), { y: Float32Array.of(1, 2) }],
];

const nested = (depth: number): Uint8Array => {
  let inner = branch("b", node("Identity", ["x"], ["b"]));
  for (let level = 1; level < depth; level++) {
    const choice = node("If", ["always"], ["b"]).message(5, graphAttribute("then_branch", inner));
    inner = branch(
      "b",
      choice.message(5, graphAttribute("else_branch", branch("c", node("Identity", ["x"], ["c"])))),
    );
  }
  const outer = node("If", ["always"], ["y"]).message(5, graphAttribute("then_branch", inner));
  return modelOf(
    graph(
      outer.message(5, graphAttribute("else_branch", branch("c", node("Identity", ["x"], ["c"])))),
    ).message(5, flag("always", true)),
  );
};
const chain = (length: number): Uint8Array => {
  const nodes = Array.from({ length }, (_, index) =>
    node("Neg", [index === 0 ? "x" : `n${index - 1}`], [index === length - 1 ? "y" : `n${index}`]),
  );
  return modelOf(graph(...nodes));
};
const depths: readonly Case[] = [
  ["branches within each other, as many as may be", nested(16), { y: Float32Array.of(1, 2) }],
  ["branches within each other, one above the limit", nested(17), { refused: "MODEL_TOO_DEEP" }],
  ["a thousand branches within each other", nested(1000), { refused: "MODEL_TOO_DEEP" }],
  ["twenty thousand nodes", chain(20_000), { y: Float32Array.of(1, 2) }],
];

const endlessMs = 1_000;

export const giants: readonly HostileModel[] = [
  ...[...seen, ...built, ...depths].map(([name, bytes, wanted]) => ({ name, row, input: { bytes }, wanted })),
  ...loops.map(([name, bytes, wanted]) => ({
    name,
    row,
    input: { bytes, ...("y" in wanted ? {} : { timeoutMs: endlessMs }) },
    wanted,
  })),
];
