import { type ColumnValues, GraphBuilder } from "@cascade/onnx";
import type { HostileInput } from "../hostile-input.ts";

/** What a model of two classes answers for its rows, and what the rows of the answer are called. */
interface AnswerInput {
  readonly bytes: Uint8Array;
  readonly columns: Readonly<Record<string, ColumnValues>>;
}

/** What evaluation says of it, and the code that serving answers the caller with; undefined where it is an answer. */
interface AnswerVerdict {
  readonly evaluation: RegExp | undefined;
  readonly serving: "ANSWER_NOT_FINITE" | "ANSWER_INCOMPLETE" | undefined;
}

export type HostileAnswer = HostileInput<AnswerInput, AnswerVerdict>;

/** A model that gives its inputs back: what it is fed is what a hostile model would answer. */
function echo(outputs: { label?: string; probabilities?: string } = {}, third = false): Uint8Array {
  const { label = "label", probabilities = "probabilities" } = outputs;
  const names = third ? ["p0", "p1", "p2"] : ["p0", "p1"];
  const graph = new GraphBuilder("echo").input("l", "int64", [null, 1]);
  for (const name of names) graph.input(name, "float", [null, 1]);
  return graph
    .node({ operator: "Identity", inputs: ["l"], outputs: [label] })
    .node({ operator: "Concat", inputs: names, outputs: [probabilities], attributes: { axis: { int: 1 } } })
    .output(label, "int64", [null, 1])
    .output(probabilities, "float", [null, names.length])
    .encode();
}

/** A model that answers for all rows at once. */
function forgetful(): Uint8Array {
  return new GraphBuilder("sum")
    .input("l", "int64", [null, 1])
    .input("p0", "float", [null, 1])
    .node({ operator: "ReduceMean", inputs: ["p0"], outputs: ["probabilities"] })
    .node({ operator: "ReduceMax", inputs: ["l"], outputs: ["label"] })
    .output("label", "int64", [1, 1])
    .output("probabilities", "float", [1, 1])
    .encode();
}

/** A model whose probabilities are texts. */
function wordy(): Uint8Array {
  return new GraphBuilder("words")
    .input("l", "int64", [null, 1])
    .input("words", "string", [null, 2])
    .node({ operator: "Identity", inputs: ["l"], outputs: ["label"] })
    .node({ operator: "Identity", inputs: ["words"], outputs: ["probabilities"] })
    .output("label", "int64", [null, 1])
    .output("probabilities", "string", [null, 2])
    .encode();
}

const said = (label: number, p0: number, p1: number) => ({ l: [0, label], p0: [0.5, p0], p1: [0.5, p1] });
const shares = (name: string, p0: number, p1: number, serving?: AnswerVerdict["serving"]) =>
  [name, echo(), said(0, p0, p1), { evaluation: /row 1/, serving }] as const;

const cases: readonly (readonly [string, Uint8Array, AnswerInput["columns"], AnswerVerdict])[] = [
  [
    "probabilities that add up to one",
    echo(),
    said(1, 0.25, 0.75),
    { evaluation: undefined, serving: undefined },
  ],
  shares("a probability that is no number", Number.NaN, 0.5, "ANSWER_NOT_FINITE"),
  shares("an infinite probability", Number.POSITIVE_INFINITY, 0.5, "ANSWER_NOT_FINITE"),
  shares("an infinite probability below zero", 0.5, Number.NEGATIVE_INFINITY, "ANSWER_NOT_FINITE"),
  shares("a probability below zero", -0.5, 1.5),
  shares("a probability above one", 2, 0),
  shares("probabilities that add up to two", 1, 1),
  shares("probabilities that add up to nothing", 0, 0),
  [
    "a label beyond the classes",
    echo(),
    said(2, 0.5, 0.5),
    { evaluation: /label 2/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "a label below zero",
    echo(),
    said(-1, 0.5, 0.5),
    { evaluation: /label -1/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "a label that is zero again after 32 bits",
    echo(),
    said(2 ** 32, 0.5, 0.5),
    { evaluation: /label 4294967296/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "a label under another name",
    echo({ label: "class" }),
    said(0, 0.5, 0.5),
    { evaluation: /no output "label"/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "probabilities under a name that objects inherit",
    echo({ probabilities: "constructor" }),
    said(0, 0.5, 0.5),
    { evaluation: /no output "probabilities"/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "a class too many",
    echo({}, true),
    { ...said(0, 0.5, 0.5), p2: [0, 0] },
    { evaluation: /6 values/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "one answer for all rows",
    forgetful(),
    said(0, 0.5, 0.5),
    { evaluation: /1 values/, serving: "ANSWER_INCOMPLETE" },
  ],
  [
    "words for probabilities",
    wordy(),
    { l: [0, 0], words: ["a", "b", "c", "d"] },
    { evaluation: /text/, serving: "ANSWER_INCOMPLETE" },
  ],
];

export const answers: readonly HostileAnswer[] = cases.map(([name, bytes, columns, wanted]) => ({
  name,
  row: 43,
  input: { bytes, columns },
  wanted,
}));
