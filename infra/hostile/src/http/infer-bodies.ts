import {
  answered,
  goodOrigin,
  goodX,
  type HostileRequest,
  type HttpAnswer,
  infer,
  inferenceError,
} from "./http-case.ts";

const refused = inferenceError(400);
const withX = (x: object) => ({ inputs: [{ ...goodX, ...x }, goodOrigin] });
const withOrigin = (origin: object) => ({ inputs: [goodX, { ...goodOrigin, ...origin }] });
const good = withX({});
const values = (length: number) => Array.from({ length }, () => 1);

const cases: readonly [string, unknown, HttpAnswer][] = [
  ["null", "null", refused],
  ["a list", "[]", refused],
  ["an empty object", {}, refused],
  ["inputs that are an object", { inputs: { 0: goodX } }, refused],
  ["no inputs", { inputs: [] }, refused],
  ["an input that is null", { inputs: [null] }, refused],
  ["an input without a name", { inputs: [{ ...goodX, name: undefined }, goodOrigin] }, refused],
  ["an input whose name is a number", withX({ name: 7 }), refused],
  ["an input named like what every object has", withX({ name: "constructor" }), refused],
  ["an input of 100,000 characters", withX({ name: "x".repeat(100_000) }), refused],
  ["a missing input", { inputs: [goodX] }, refused],
  ["an input twice", { inputs: [goodX, goodX, goodOrigin] }, refused],
  ["10,000 inputs", { inputs: Array.from({ length: 10_000 }, () => goodX) }, refused],
  ["an id that is a number", { ...good, id: 1 }, refused],
  ["an id that is an object", { ...good, id: { toString: "a" } }, refused],
  ["an id of 100,000 characters", { ...good, id: "a".repeat(100_000) }, answered],
  ["no datatype", withX({ datatype: undefined }), refused],
  ["a datatype named like a method", withX({ datatype: "toString" }), refused],
  ["a datatype in another case", withX({ datatype: "fp32" }), refused],
  ["a datatype of the other kind", withX({ datatype: "BYTES", data: ["5"] }), refused],
  ["numbers for a text", withOrigin({ datatype: "FP32", data: [5] }), refused],
  ["no data", withX({ data: undefined }), refused],
  ["data that are null", withX({ data: null }), refused],
  ["data that are a text", withX({ data: "5" }), refused],
  ["data that are an object", withX({ data: { 0: 5, length: 1 } }), refused],
  ["data nested too deep for their shape", withX({ data: [[[5]]] }), refused],
  ["a text for a number", withX({ data: ["5"] }), refused],
  ["NaN as a text", withX({ data: ["NaN"] }), refused],
  ["an object for a number", withX({ data: [{ valueOf: 5 }] }), refused],
  ["an object for a text", withOrigin({ data: [{ toString: "LAX" }] }), refused],
  ["a fraction for a whole number", withX({ datatype: "INT64", data: [1.5] }), refused],
  ["less than an unsigned number can be", withX({ datatype: "UINT8", data: [-1] }), refused],
  ["more than its bits", withX({ datatype: "INT16", data: [32_768] }), refused],
  ["a number for yes or no", withX({ datatype: "BOOL", data: [2] }), refused],
  ["more than the model's numbers", withX({ datatype: "FP64", data: [1e39] }), inferenceError(422)],
  ["a shape of nothing", withX({ shape: [] }), refused],
  ["no shape", withX({ shape: undefined }), refused],
  ["a shape that is null", withX({ shape: null }), refused],
  ["a shape of no rows", withX({ shape: [0, 1], data: [] }), refused],
  ["a shape of less than no rows", withX({ shape: [-1, 1] }), refused],
  ["a shape of half a row", withX({ shape: [0.5, 1] }), refused],
  ["a shape in a text", withX({ shape: ["1", "1"] }), refused],
  ["a shape of three", withX({ shape: [1, 1, 1] }), refused],
  ["a shape of two columns", withX({ shape: [1, 2], data: [5, 6] }), refused],
  ["a shape of 2^53 rows", withX({ shape: [2 ** 53, 1] }), inferenceError(413)],
  ["a shape of 10,000 sizes", withX({ shape: values(10_000) }), refused],
  ["fewer values than the shape says", withX({ shape: [3] }), refused],
  ["more values than the shape says", withX({ data: values(1000) }), refused],
  ["too many rows", withX({ shape: [1001], data: values(1001) }), inferenceError(413)],
  ["inputs of different lengths", withX({ shape: [2], data: [5, 6] }), refused],
  ["outputs that are a text", { ...good, outputs: "all" }, refused],
  ["an output that is null", { ...good, outputs: [null] }, refused],
  ["an output of no known name", { ...good, outputs: [{ name: "__proto__" }] }, refused],
  [
    "an output 10,000 times",
    { ...good, outputs: Array.from({ length: 10_000 }, () => ({ name: "prediction" })) },
    refused,
  ],
  ["an output twice", { ...good, outputs: [{ name: "prediction" }, { name: "prediction" }] }, refused],
  ["shared memory for parameters", withX({ parameters: { shared_memory_region: "/dev/shm/x" } }), answered],
  [
    "a size of binary data for a parameter",
    withX({ data: undefined, parameters: { binary_data_size: 4 } }),
    refused,
  ],
  ["a text with a zero", withOrigin({ data: ["a\u0000b"] }), answered],
  ["a text with half of a character", withOrigin({ data: ["a\ud800"] }), answered],
  ["a text of 500,000 characters", withOrigin({ data: ["x".repeat(500_000)] }), answered],
];

/** Right JSON that is no request of the Open Inference Protocol, or one that the model cannot answer. */
export const inferBodyCases: readonly HostileRequest[] = [
  ...cases.map(([name, body, wanted]) => ({
    name: `inference with ${name}`,
    row: 44,
    wanted,
    input: infer(body),
  })),
  ...["0", "10", "-1", "1e9", "x", ""].map(
    (length): HostileRequest => ({
      name: `inference with a binary part of ${length || "nothing"}`,
      row: 44,
      wanted: refused,
      input: infer(good, {
        "content-type": "application/octet-stream",
        "inference-header-content-length": length,
      }),
    }),
  ),
];
