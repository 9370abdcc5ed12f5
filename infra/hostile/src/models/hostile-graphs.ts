import { doublingModel } from "@cascade/onnx/testing";
import {
  branch,
  flag,
  float,
  floats,
  graph,
  graphAttribute,
  int64,
  integerAttribute,
  integers,
  modelOf,
  node,
  ProtobufWriter,
  tensorAttribute,
  through,
  value,
} from "./graphs.ts";
import type { HostileModel, ModelAnswer, ModelInput } from "./model-input.ts";

const same: ModelAnswer = { y: Float32Array.of(1, 2) };
type Code = Extract<ModelAnswer, { refused: unknown }>["refused"];
const no = (refused: Code): ModelAnswer => ({ refused });
type Case = readonly [
  row: number,
  name: string,
  bytes: Uint8Array,
  wanted: ModelAnswer,
  columns?: ModelInput["columns"],
];

const condition = () => flag("always", true);
const ifNode = (inner: ProtobufWriter) =>
  node("If", ["always"], ["y"])
    .message(5, graphAttribute("then_branch", inner))
    .message(5, graphAttribute("else_branch", branch("b", node("Identity", ["x"], ["b"]))));
const withIf = (inner: ProtobufWriter) => modelOf(graph(ifNode(inner)).message(5, condition()));

/** Places in which an operator can stand; the forbidden one must be found in each. */
const operatorPlaces: readonly (readonly [string, (bad: ProtobufWriter) => Uint8Array])[] = [
  ["in the graph", (bad) => modelOf(graph(through(), bad))],
  ["in a branch", (bad) => withIf(branch("b", node("Identity", ["x"], ["b"]), bad))],
  [
    "in a branch of a branch",
    (bad) => {
      const inner = branch("c", node("Identity", ["x"], ["c"]), bad);
      return withIf(
        branch("b", node("If", ["always"], ["b"]).message(5, graphAttribute("then_branch", inner))),
      );
    },
  ],
  [
    "in a list of graphs",
    (bad) =>
      modelOf(
        graph(through().message(5, new ProtobufWriter().text(1, "graphs").message(11, branch("z", bad)))),
      ),
  ],
  [
    "in the first half of a graph that is given twice",
    (bad) => {
      const rest = modelOf(graph(through()));
      return Buffer.concat([
        new ProtobufWriter().message(7, new ProtobufWriter().message(1, bad)).encode(),
        rest,
      ]);
    },
  ],
  [
    "in an attribute's graph that is given twice",
    (bad) => {
      const half = new ProtobufWriter()
        .text(1, "then_branch")
        .message(6, branch("b", bad))
        .message(6, new ProtobufWriter())
        .integer(20, 5);
      return modelOf(graph(node("If", ["always"], ["y"]).message(5, half)).message(5, condition()));
    },
  ],
];
const bad = {
  unknown: () => node("Launch", ["x"], ["z"]),
  custom: () => node("Shell", ["x"], ["z"]).text(7, "com.example"),
};

const operators: readonly Case[] = [
  ...operatorPlaces.flatMap(([place, build]): Case[] => [
    [37, `an unknown operator ${place}`, build(bad.unknown()), no("MODEL_UNKNOWN_OPERATOR")],
    [40, `an operator of a foreign domain ${place}`, build(bad.custom()), no("MODEL_UNKNOWN_DOMAIN")],
  ]),
  ...[
    "com.microsoft",
    "ai.onnx.preview.training",
    "ai.onnx.training",
    "AI.ONNX",
    "ai.onnx ",
    "ai.onnx\0",
    " ",
  ].map(
    (domain): Case => [
      40,
      `an operator of the domain ${JSON.stringify(domain)}`,
      modelOf(graph(through(), node("Identity", ["x"], ["z"]).text(7, domain))),
      no("MODEL_UNKNOWN_DOMAIN"),
    ],
  ),
  ...[
    "Adagrad",
    "Gradient",
    "ImageDecoder",
    "identity",
    "Identity\0",
    "Identity ",
    "",
    "__proto__",
    "constructor",
    "\u0406dentity",
  ].map(
    (name): Case => [
      name === "Adagrad" || name === "Gradient" ? 40 : 37,
      `the operator ${JSON.stringify(name)}`,
      modelOf(graph(through(), node(name, ["x"], ["z"]))),
      no("MODEL_UNKNOWN_OPERATOR"),
    ],
  ),
  [
    37,
    "the long name of the default domain",
    modelOf(graph(node("Identity", ["x"], ["y"]).text(7, "ai.onnx"))),
    same,
  ],
  [
    40,
    "functions of its own",
    Buffer.concat([
      doublingModel(),
      new ProtobufWriter().message(25, new ProtobufWriter().text(1, "f")).encode(),
    ]),
    no("MODEL_UNKNOWN_DOMAIN"),
  ],
  [
    40,
    "training information",
    Buffer.concat([doublingModel(), new ProtobufWriter().message(20, new ProtobufWriter()).encode()]),
    no("MODEL_UNKNOWN_OPERATOR"),
  ],
];

const external = (location: string) =>
  new ProtobufWriter()
    .integers(1, [1])
    .integer(2, float)
    .text(8, "w")
    .message(13, new ProtobufWriter().text(1, "location").text(2, location))
    .integer(14, 1);
const externalData: readonly Case[] = [
  ...[
    "weights.bin",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\secret",
    "*/_ORT_MEM_ADDR_/*",
    "http://127.0.0.1/w",
    "",
    "/dev/zero",
  ].map(
    (location): Case => [
      38,
      `data in ${JSON.stringify(location)}`,
      modelOf(graph(through()).message(5, external(location))),
      no("MODEL_EXTERNAL_DATA"),
    ],
  ),
  ...(
    [
      [
        "in a constant's attribute",
        graph(through(), node("Constant", [], ["c"]).message(5, tensorAttribute("value", external("w")))),
      ],
      [
        "in a list of tensors",
        graph(through().message(5, new ProtobufWriter().text(1, "tensors").message(10, external("w")))),
      ],
      [
        "in a branch",
        graph(ifNode(branch("b", node("Identity", ["x"], ["b"])).message(5, external("w")))).message(
          5,
          condition(),
        ),
      ],
      [
        "in a sparse constant's values",
        graph(through()).message(15, new ProtobufWriter().message(1, external("w"))),
      ],
      [
        "in a sparse constant's indexes",
        graph(through()).message(15, new ProtobufWriter().message(2, external("w"))),
      ],
      [
        "in a sparse attribute",
        graph(
          through().message(
            5,
            new ProtobufWriter().text(1, "s").message(22, new ProtobufWriter().message(1, external("w"))),
          ),
        ),
      ],
      [
        "that is named but not used",
        graph(through()).message(
          5,
          new ProtobufWriter()
            .integers(1, [1])
            .integer(2, float)
            .floats(4, [1])
            .text(8, "w")
            .message(13, new ProtobufWriter().text(1, "location")),
        ),
      ],
      [
        "without a name",
        graph(through()).message(
          5,
          new ProtobufWriter().integers(1, [1]).integer(2, float).text(8, "w").integer(14, 1),
        ),
      ],
    ] as const
  ).map(([place, built]): Case => [38, `external data ${place}`, modelOf(built), no("MODEL_EXTERNAL_DATA")]),
];

const halves: Case = [
  38,
  "external data in the first half of a graph that is given twice",
  Buffer.concat([
    new ProtobufWriter().message(7, new ProtobufWriter().message(5, external("w"))).encode(),
    modelOf(graph(through())),
  ]),
  no("MODEL_EXTERNAL_DATA"),
];

const versioned = (ir: number | undefined, opsets: readonly (readonly [string, number])[]) => {
  const model = new ProtobufWriter();
  if (ir !== undefined) model.integer(1, ir);
  model.message(7, graph(through()));
  for (const [domain, version] of opsets)
    model.message(8, new ProtobufWriter().text(1, domain).integer(2, version));
  return model.encode().slice();
};
const versions: readonly Case[] = [
  [37, "no format version", versioned(undefined, [["", 17]]), no("MODEL_NOT_ONNX")],
  [37, "the format version 0", versioned(0, [["", 17]]), same],
  [37, "the format version 999", versioned(999, [["", 17]]), no("MODEL_REFUSED")],
  [37, "a negative format version", versioned(-1, [["", 17]]), same],
  [37, "no operator set", versioned(8, []), no("MODEL_REFUSED")],
  [37, "the operator set 0", versioned(8, [["", 0]]), no("MODEL_REFUSED")],
  [37, "the operator set 9999", versioned(8, [["", 9999]]), no("MODEL_REFUSED")],
  [37, "a negative operator set", versioned(8, [["", -17]]), no("MODEL_REFUSED")],
  [
    37,
    "two operator sets",
    versioned(8, [
      ["", 17],
      ["", 9999],
    ]),
    no("MODEL_REFUSED"),
  ],
  [37, "the operator set of a foreign domain", versioned(8, [["com.example", 1]]), same],
  [
    37,
    "a set of tree operators from the future",
    versioned(8, [
      ["", 17],
      ["ai.onnx.ml", 99],
    ]),
    no("MODEL_REFUSED"),
  ],
];

const typed = (type: ProtobufWriter) =>
  modelOf(
    new ProtobufWriter()
      .message(1, through())
      .text(2, "g")
      .message(11, value("x", float, [null, 1]))
      .message(12, new ProtobufWriter().text(1, "y").message(2, type)),
  );
const shaped = (dims: readonly (number | null)[], code = float) =>
  modelOf(
    new ProtobufWriter()
      .message(1, through())
      .text(2, "g")
      .message(11, value("x", code, dims))
      .message(12, value("y", code, dims)),
  );
const shapes: readonly Case[] = [
  [37, "a negative size of an input", shaped([-1, 1]), no("MODEL_BAD_SHAPE")],
  [37, "the smallest size there is", shaped([-(2 ** 63), 1]), no("MODEL_BAD_SHAPE")],
  [
    37,
    "a negative size of a constant",
    modelOf(graph(through()).message(5, floats("w", [1], [-1]))),
    no("MODEL_BAD_SHAPE"),
  ],
  [
    37,
    "a constant larger than the file",
    modelOf(graph(through()).message(5, floats("w", [1], [2 ** 40]))),
    no("MODEL_GIANT_TENSOR"),
  ],
  [
    37,
    "a constant whose size overflows",
    modelOf(graph(through()).message(5, floats("w", [1], [2 ** 32, 2 ** 32]))),
    no("MODEL_GIANT_TENSOR"),
  ],
  [
    37,
    "a constant with fewer values than it says",
    modelOf(graph(node("Add", ["x", "w"], ["y"])).message(5, floats("w", [1], [9]))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "a constant with more values than it says",
    modelOf(graph(node("Add", ["x", "w"], ["y"])).message(5, floats("w", [1, 2, 3], [1]))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "a constant of an unknown type",
    modelOf(
      graph(node("Add", ["x", "w"], ["y"])).message(
        5,
        new ProtobufWriter().integers(1, [1]).integer(2, 99).floats(4, [1]).text(8, "w"),
      ),
    ),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "raw data of a wrong length",
    modelOf(
      graph(node("Add", ["x", "w"], ["y"])).message(
        5,
        new ProtobufWriter().integers(1, [1]).integer(2, float).text(8, "w").bytes(9, Buffer.alloc(3)),
      ),
    ),
    no("MODEL_REFUSED"),
  ],
  [37, "a thousand dimensions", shaped([null, ...Array<number>(999).fill(1)]), same],
  [42, "an exact number of rows", shaped([5, 1]), no("INPUT_WRONG_LENGTH")],
  [42, "a width that the column does not have", shaped([null, 7]), no("INPUT_WRONG_LENGTH")],
  [42, "another rank", shaped([null, 1, 1, 3]), no("INPUT_WRONG_LENGTH")],
  [42, "an input of half precision", shaped([null, 1], 10), no("MODEL_UNSUPPORTED_TYPE")],
  [42, "an input of complex numbers", shaped([null, 1], 14), no("MODEL_UNSUPPORTED_TYPE")],
  [42, "an input of no type", shaped([null, 1], 0), no("MODEL_UNSUPPORTED_TYPE")],
  [42, "an input of texts where the rows are numbers", shaped([null, 1], 8), no("INPUT_WRONG_TYPE")],
  [
    42,
    "another name of the input",
    modelOf(
      new ProtobufWriter()
        .message(1, node("Identity", ["z"], ["y"]))
        .text(2, "g")
        .message(11, value("z", float, [null, 1]))
        .message(12, value("y", float, [null, 1])),
    ),
    no("INPUT_MISSING"),
  ],
  [
    42,
    "a second input that nobody gives",
    modelOf(graph(through()).message(11, value("more", float, [null, 1]))),
    no("INPUT_MISSING"),
  ],
  [
    37,
    "a sequence as output",
    typed(new ProtobufWriter().message(4, new ProtobufWriter())),
    no("MODEL_UNSUPPORTED_TYPE"),
  ],
  [
    37,
    "a map as output",
    typed(new ProtobufWriter().message(5, new ProtobufWriter())),
    no("MODEL_UNSUPPORTED_TYPE"),
  ],
  [
    37,
    "a tensor that is a sequence in the same breath",
    typed(
      new ProtobufWriter()
        .message(1, new ProtobufWriter().integer(1, float))
        .message(4, new ProtobufWriter()),
    ),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "an output of another type than its node gives",
    typed(new ProtobufWriter().message(1, new ProtobufWriter().integer(1, int64))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "no inputs",
    modelOf(
      new ProtobufWriter()
        .message(1, node("Identity", ["w"], ["y"]))
        .text(2, "g")
        .message(5, floats("w", [1]))
        .message(12, value("y", float, [1])),
    ),
    no("MODEL_WITHOUT_INPUTS"),
  ],
  [
    37,
    "no outputs",
    modelOf(
      new ProtobufWriter()
        .message(1, through())
        .text(2, "g")
        .message(11, value("x", float, [null, 1])),
    ),
    no("MODEL_WITHOUT_OUTPUTS"),
  ],
  [37, "no graph", new ProtobufWriter().integer(1, 8).encode().slice(), no("MODEL_TRUNCATED")],
  [37, "an empty graph", modelOf(new ProtobufWriter()), no("MODEL_WITHOUT_INPUTS")],
  [
    37,
    "an input without a name",
    modelOf(graph(through()).message(11, value("", float, [1]))),
    no("MODEL_BAD_SHAPE"),
  ],
  [
    37,
    "two outputs of one name",
    modelOf(graph(through()).message(12, value("y", float, [null, 1]))),
    no("MODEL_BAD_SHAPE"),
  ],
  [
    37,
    "two inputs of one name",
    modelOf(graph(through()).message(11, value("x", float, [null, 1]))),
    no("MODEL_BAD_SHAPE"),
  ],
  [
    37,
    "a node that reads what nobody writes",
    modelOf(graph(node("Add", ["x", "nothing"], ["y"]))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "a node that reads its own output",
    modelOf(graph(node("Add", ["x", "y"], ["y"]))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "two nodes in a circle",
    modelOf(
      graph(node("Add", ["x", "b"], ["a"]), node("Add", ["a", "x"], ["b"]), node("Identity", ["a"], ["y"])),
    ),
    no("MODEL_REFUSED"),
  ],
  [37, "two nodes of one output", modelOf(graph(through(), through())), no("MODEL_REFUSED")],
  [37, "an output that nobody writes", modelOf(graph(node("Identity", ["x"], ["z"]))), no("MODEL_REFUSED")],
  [37, "too few inputs of a node", modelOf(graph(node("Add", ["x"], ["y"]))), no("MODEL_REFUSED")],
  [
    37,
    "an attribute that the operator does not have",
    modelOf(graph(through().message(5, integerAttribute("axis", 1)))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "an axis that is not there",
    modelOf(graph(node("Concat", ["x", "x"], ["y"]).message(5, integerAttribute("axis", 77)))),
    no("MODEL_REFUSED"),
  ],
  [
    37,
    "a reshape to another number of values",
    modelOf(graph(node("Reshape", ["x", "s"], ["y"])).message(5, integers("s", [7, 7]))),
    no("RUN_FAILED"),
  ],
  [
    37,
    "an index beyond the data",
    modelOf(graph(node("Gather", ["x", "i"], ["y"])).message(5, integers("i", [1_000_000]))),
    no("RUN_FAILED"),
  ],
  [
    37,
    "the smallest index there is",
    modelOf(graph(node("Gather", ["x", "i"], ["y"])).message(5, integers("i", [-(2 ** 63)]))),
    no("RUN_FAILED"),
  ],
  [
    37,
    "a division by the integer zero",
    modelOf(
      graph(
        node("Cast", ["x"], ["n"]).message(5, integerAttribute("to", int64)),
        node("Div", ["n", "zero"], ["q"]),
        node("Cast", ["q"], ["y"]).message(5, integerAttribute("to", float)),
      ).message(5, integers("zero", [0])),
    ),
    no("MODEL_REFUSED"),
  ],
];

const metadata = (key: string, text: string) =>
  Buffer.concat([
    modelOf(graph(through())),
    new ProtobufWriter().message(14, new ProtobufWriter().text(1, key).text(2, text)).encode(),
  ]);
const texts: readonly Case[] = [
  [40, "metadata of markup", metadata("description", "<script>alert(1)</script>"), same],
  [40, "metadata named __proto__", metadata("__proto__", '{"polluted":true}'), same],
  [40, "metadata of a megabyte", metadata("notes", "x".repeat(1 << 20)), same],
];

export const hostileGraphs: readonly HostileModel[] = [
  ...operators,
  ...externalData,
  halves,
  ...versions,
  ...shapes,
  ...texts,
].map(([row, name, bytes, wanted, columns]) => ({
  name,
  row,
  input: { bytes, ...(columns === undefined ? {} : { columns }) },
  wanted,
}));
