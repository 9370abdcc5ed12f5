import { doublingModel } from "@cascade/onnx/testing";
import type { HostileInput } from "../hostile-input.ts";
import { type ModelChanges, smallModel } from "./small-model.ts";

/** What a training program leaves in place of one of its results. */
export type Leftover =
  | { readonly file: string | Uint8Array }
  | { readonly link: string }
  | { readonly hardLink: true }
  | { readonly folder: true }
  | { readonly pipe: true }
  | { readonly zeros: number }
  | { readonly nothing: true };

type ResultName = "model.onnx" | "metrics.json" | "sample_predictions.json";
export type TrainerOutput = Readonly<Partial<Record<ResultName, Leftover>>>;

/** The code of the problem that the run ends with, or the metrics that it has. */
type OutputAnswer =
  | { readonly problem: string; readonly message?: RegExp }
  | { readonly metrics: Readonly<Record<string, number>> };

export type HostileOutput = HostileInput<TrainerOutput, OutputAnswer>;

type Case = readonly [row: number, name: string, input: TrainerOutput, wanted: OutputAnswer];
const invalid = (message?: RegExp): OutputAnswer => ({
  problem: "METRICS_INVALID",
  ...(message ? { message } : {}),
});

/** Everything that is no plain file, in place of each result. */
const results = [
  ["model.onnx", "MODEL_MISSING"],
  ["metrics.json", "METRICS_INVALID"],
  ["sample_predictions.json", "SAMPLE_PREDICTIONS_INVALID"],
] as const;
const notPlain: readonly (readonly [string, Leftover])[] = [
  ["a link to a secret", { link: "/etc/passwd" }],
  ["a link to a good file", { link: "request.json" }],
  ["a link to itself", { link: "." }],
  ["a link to an endless device", { link: "/dev/zero" }],
  ["a link to a process's environment", { link: "/proc/self/environ" }],
  ["a second name of another file", { hardLink: true }],
  ["a folder", { folder: true }],
  ["a pipe that nobody writes to", { pipe: true }],
];
const places: readonly Case[] = results.flatMap(([result, problem]) =>
  notPlain.map(([what, leftover]): Case => [24, `${what} as ${result}`, { [result]: leftover }, { problem }]),
);

const text = (metrics: string): TrainerOutput => ({ "metrics.json": { file: metrics } });
const named = (name: string): TrainerOutput => text(JSON.stringify({ metrics: { [name]: 1 } }));
const metrics: readonly Case[] = [
  [45, "no metrics", { "metrics.json": { nothing: true } }, invalid()],
  [45, "metrics of no bytes", text(""), invalid()],
  [45, "NaN as Python writes it", text('{"metrics":{"auc":NaN}}'), invalid()],
  [45, "infinity as Python writes it", text('{"metrics":{"auc":-Infinity}}'), invalid()],
  [45, "a number beyond all numbers", text('{"metrics":{"auc":1e999}}'), invalid()],
  [45, "a number in a text", text('{"metrics":{"auc":"1"}}'), invalid()],
  [45, "null", text('{"metrics":{"auc":null}}'), invalid()],
  [45, "true", text('{"metrics":{"auc":true}}'), invalid()],
  [45, "a list of numbers", text('{"metrics":{"auc":[1]}}'), invalid()],
  [45, "an object", text('{"metrics":{"auc":{"value":1}}}'), invalid()],
  [45, "metrics that are a list", text('{"metrics":[1]}'), invalid()],
  [45, "metrics that are null", text('{"metrics":null}'), invalid()],
  [45, "metrics that are a text", text('{"metrics":"auc"}'), invalid()],
  [45, "a file that is a list", text("[1]"), invalid()],
  [45, "a file that is a number", text("1"), invalid()],
  [45, "metrics without their name", text('{"auc":0.7}'), invalid()],
  [45, "two objects in one file", text('{"metrics":{"auc":1}}{}'), invalid()],
  [45, "a comment", text('{"metrics":{}} // good'), invalid()],
  [45, "YAML", text("metrics:\n  auc: 0.7\n"), invalid()],
  [45, "UTF-16", { "metrics.json": { file: Buffer.from('{"metrics":{}}', "utf16le") } }, invalid()],
  [45, "bytes that are no text", { "metrics.json": { file: Buffer.from([0xff, 0xfe, 0, 1]) } }, invalid()],
  [45, "a metric named __proto__", text('{"metrics":{"__proto__":1}}'), invalid()],
  [45, "a metric named __proto__ that is an object", text('{"metrics":{"__proto__":{"auc":1}}}'), invalid()],
  [
    45,
    "an object named __proto__ around the metrics",
    text('{"__proto__":{"metrics":{"auc":1}}}'),
    invalid(),
  ],
  [45, "a metric without a name", named(""), invalid()],
  [45, "a name of a thousand characters", named("x".repeat(1000)), invalid()],
  [45, "a name with NUL", named("a\0b"), invalid()],
  [45, "a name with a terminal's escape", named("\x1b[31mauc"), invalid()],
  [45, "a name with a line end", named("a\r\nb"), invalid()],
  [45, "a name with half of a character", text('{"metrics":{"\\ud800":1}}'), invalid()],
  [
    51,
    "a name of markup",
    named("<img src=x onerror=alert(1)>"),
    { metrics: { "<img src=x onerror=alert(1)>": 1 } },
  ],
  [45, "a metric named constructor", named("constructor"), { metrics: { constructor: 1 } as never }],
  [45, "a metric that is given twice", text('{"metrics":{"auc":0.1,"auc":0.9}}'), { metrics: { auc: 0.9 } }],
  [45, "no metric at all", text('{"metrics":{}}'), { metrics: {} }],
  [45, "more than is asked for", text('{"metrics":{"auc":1},"history":[1,2]}'), { metrics: { auc: 1 } }],
  [
    45,
    "metrics for which no event has room",
    text(
      JSON.stringify({ metrics: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`m${n}`, n])) }),
    ),
    invalid(/65536 bytes/),
  ],
  [
    45,
    "a hundred thousand metrics",
    text(
      JSON.stringify({
        metrics: Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`m${n}`, n])),
      }),
    ),
    invalid(/more than 1048576/),
  ],
  [
    45,
    "ten thousand wrong metrics, each of which could be told of",
    text(
      JSON.stringify({
        metrics: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`m${n}`, "x"])),
      }),
    ),
    invalid(),
  ],
  [
    45,
    "lists within lists, five hundred thousand times",
    text(`{"metrics":${"[".repeat(500_000)}${"]".repeat(500_000)}}`),
    invalid(),
  ],
  [45, "objects within objects that never end", text('{"metrics":'.repeat(50_000)), invalid()],
  [45, "metrics of a gigabyte", { "metrics.json": { zeros: 2 ** 30 } }, invalid(/1073741824 bytes/)],
];

const bytes = (file: Uint8Array | string): TrainerOutput => ({ "model.onnx": { file } });
const unreadable: OutputAnswer = { problem: "MODEL_UNREADABLE" };
const model = (changes: ModelChanges): TrainerOutput => bytes(smallModel(changes));
const contract = (message: RegExp): OutputAnswer => ({ problem: "MODEL_CONTRACT", message });
const models: readonly Case[] = [
  [47, "no model", { "model.onnx": { nothing: true } }, { problem: "MODEL_MISSING" }],
  [37, "a model of no bytes", bytes(""), unreadable],
  [37, "a model that is cut", bytes(smallModel().subarray(0, 100)), unreadable],
  [37, "a model of a gigabyte", { "model.onnx": { zeros: 2 ** 30 } }, unreadable],
  [41, "a pickle", bytes(Uint8Array.of(0x80, 4, 0x63)), unreadable],
  [41, "TorchScript", bytes("PK\x03\x04archive"), unreadable],
  [38, "a Git LFS pointer", bytes("version https://git-lfs.github.com/spec/v1\n"), unreadable],
  [42, "a model of other columns", bytes(doublingModel()), contract(/input "hour" \(float\) is missing/)],
  [
    42,
    "an input that is missing",
    model({ inputs: { distance: undefined } }),
    contract(/"distance" \(float\) is missing/),
  ],
  [
    42,
    "an input that no column has",
    model({ inputs: { secret: "float" } }),
    contract(/"secret" is no column/),
  ],
  [
    42,
    "an input in another case",
    model({ inputs: { distance: undefined, Distance: "float" } }),
    contract(/"Distance" is no column/),
  ],
  [42, "a category as numbers", model({ inputs: { origin: "float" } }), contract(/"origin" is float/)],
  [42, "a number as texts", model({ inputs: { distance: "string" } }), contract(/"distance" is string/)],
  [42, "an exact number of rows", model({ rows: 5 }), contract(/has the shape \[5,1\]/)],
  [42, "a label under another name", model({ outputs: { label: "class" } }), contract(/"label" is missing/)],
  [
    42,
    "probabilities under another name",
    model({ outputs: { probabilities: "p" } }),
    contract(/"probabilities" is missing/),
  ],
  [
    42,
    "an input's name with NUL",
    model({ inputs: { "a\0b": "float" } }),
    contract(/"a\uFFFDb" is no column/),
  ],
  [42, "a name of a megabyte", model({ inputs: { ["x".repeat(1 << 20)]: "float" } }), contract(/"xxx/)],
  [43, "one class", model({ width: 1 }), contract(/has 1/)],
  [43, "three classes of a binary task", model({ width: 3 }), contract(/has 3/)],
  [
    43,
    "three names for two classes",
    model({ classes: '["a","b","c"]' }),
    contract(/2 columns for 3 classes/),
  ],
  [
    43,
    "one name for both classes",
    model({ classes: '["a","a"]' }),
    contract(/no JSON list of different class names/),
  ],
  [43, "names of classes that are no JSON", model({ classes: "['a', 'b']" }), contract(/no JSON list/)],
  [43, "names of classes that are numbers", model({ classes: "[0, 1]" }), contract(/no JSON list/)],
  [43, "a name of a class with NUL", model({ classes: '["a\\u0000","b"]' }), contract(/no JSON list/)],
  [
    43,
    "half of a character as the name of a class",
    model({ classes: '["\\ud800","b"]' }),
    contract(/no JSON list/),
  ],
  [
    43,
    "names of classes for which no event has room",
    model({ classes: JSON.stringify(["a", "b".repeat(70_000)]) }),
    contract(/64 KiB/),
  ],
];

const sample = (content: unknown): TrainerOutput => ({
  "sample_predictions.json": { file: typeof content === "string" ? content : JSON.stringify(content) },
});
const badSample: OutputAnswer = { problem: "SAMPLE_PREDICTIONS_INVALID" };
const samples: readonly Case[] = [
  [43, "samples that are no JSON", sample("rows"), badSample],
  [43, "fewer answers than rows", sample({ rows: [{}], predictions: [] }), badSample],
  [43, "an answer that is NaN", sample('{"rows":[{}],"predictions":[[NaN]]}'), badSample],
  [43, "an answer that is null", sample({ rows: [{}], predictions: [[null]] }), badSample],
  [43, "an answer of no numbers", sample({ rows: [{}], predictions: [[]] }), badSample],
  [43, "an object in a cell", sample({ rows: [{ hour: { $ne: 1 } }], predictions: [[1]] }), badSample],
  [
    43,
    "more rows than are taken",
    sample({ rows: Array(10_001).fill({}), predictions: Array(10_001).fill([1]) }),
    badSample,
  ],
  [43, "samples of a gigabyte", { "sample_predictions.json": { zeros: 2 ** 30 } }, badSample],
];

export const trainerOutputs: readonly HostileOutput[] = [...places, ...metrics, ...models, ...samples].map(
  ([row, name, input, wanted]) => ({ name, row, input, wanted }),
);
