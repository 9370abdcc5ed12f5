import { spoiledJson } from "../events/encodings.ts";
import {
  answered,
  goodOrigin,
  goodRow,
  goodX,
  type HostileRequest,
  type HttpAnswer,
  infer,
  inferenceError,
  predict,
  problem,
} from "./http-case.ts";

const goodPrediction = JSON.stringify({ rows: [goodRow] });
const goodInference = JSON.stringify({ inputs: [goodX, goodOrigin] });
const nested = (open: string, close: string, levels: number) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;
const withMember = (json: string, member: string) => json.replace("{", `{${member},`);
const inRow = (member: string) => goodPrediction.replace('{"distance"', () => `{${member},"distance"`);
const distance = (value: string) => `{"rows":[{"distance":${value},"origin":"LAX"}]}`;

type Row = readonly [row: number, name: string, wanted: HttpAnswer, body: string];

const harmful: readonly Row[] = [
  [2, "a row nested too deep", problem(400, "BODY_TOO_DEEP"), inRow(`"a":${nested("[", "]", 70)}`)],
  [2, "a value of 200,000 arrays", problem(400, "BODY_TOO_DEEP"), distance(nested("[", "]", 200_000))],
  [2, "a value of 100,000 objects", problem(400, "BODY_TOO_DEEP"), distance(nested('{"a":', "}", 100_000))],
  [2, "500,000 brackets without an end", problem(400, "BODY_TOO_DEEP"), "[".repeat(500_000)],
  [2, "a list of 500,000 arrays", problem(413, "TOO_MANY_ROWS"), `[${"[],".repeat(300_000)}[]]`],
  [
    2,
    "a row of 50,000 columns",
    answered,
    inRow(Array.from({ length: 50_000 }, (_, i) => `"k${i}":0`).join(",")),
  ],
  [
    2,
    "a body beyond the limit",
    problem(413, "FST_ERR_CTP_BODY_TOO_LARGE"),
    distance(`"${"x".repeat(1_100_000)}"`),
  ],
  [
    3,
    "__proto__ beside the rows",
    problem(400, "BODY_KEY_FORBIDDEN"),
    withMember(goodPrediction, '"__proto__":{"polluted":1}'),
  ],
  [3, "__proto__ as a column", problem(400, "BODY_KEY_FORBIDDEN"), inRow('"__proto__":{"polluted":1}')],
  [
    3,
    "__proto__ by an escape",
    problem(400, "BODY_KEY_FORBIDDEN"),
    inRow('"\\u005f_proto__":{"polluted":1}'),
  ],
  [
    3,
    "constructor.prototype in a row",
    problem(400, "BODY_KEY_FORBIDDEN"),
    inRow('"constructor":{"prototype":{"polluted":1}}'),
  ],
  [3, "a column twice", problem(400, "BODY_KEY_REPEATED"), inRow('"distance":1')],
  [3, "a column twice by an escape", problem(400, "BODY_KEY_REPEATED"), inRow('"d\\u0069stance":1')],
  [3, "rows twice", problem(400, "BODY_KEY_REPEATED"), withMember(goodPrediction, '"rows":[]')],
  [3, "columns named like methods", answered, inRow('"toString":1,"hasOwnProperty":2,"toJSON":3,"then":4')],
  [4, "1e999", problem(400, "BODY_NUMBER_UNSAFE"), distance("1e999")],
  [4, "-1e999", problem(400, "BODY_NUMBER_UNSAFE"), distance("-1e999")],
  [4, "2^53 + 1", problem(400, "BODY_NUMBER_UNSAFE"), distance("9007199254740993")],
  [4, "100,000 digits", problem(400, "BODY_NUMBER_UNSAFE"), distance("9".repeat(100_000))],
  [4, "-0", answered, distance("-0")],
  [4, "the smallest double", answered, distance("5e-324")],
];

const inferHarmful: readonly Row[] = [
  [2, "data of 200,000 arrays", inferenceError(400), goodInference.replace("[5]", nested("[", "]", 200_000))],
  [
    2,
    "a shape of 200,000 arrays",
    inferenceError(400),
    goodInference.replace("[1,1]", nested("[", "]", 200_000)),
  ],
  [
    2,
    "a datatype of 100,000 objects",
    inferenceError(400),
    goodInference.replace('"FP32"', nested('{"a":', "}", 100_000)),
  ],
  [
    2,
    "a body beyond the limit",
    inferenceError(413),
    withMember(goodInference, `"a":"${"x".repeat(1_100_000)}"`),
  ],
  [
    3,
    "__proto__ for parameters",
    inferenceError(400),
    withMember(goodInference, '"parameters":{"__proto__":{"polluted":1}}'),
  ],
  [
    3,
    "__proto__ in a tensor",
    inferenceError(400),
    goodInference.replace('{"name"', '{"__proto__":{"data":[9]},"name"'),
  ],
  [3, "data twice", inferenceError(400), goodInference.replace('"data":[5]', '"data":[5],"data":[6]')],
  [4, "1e999", inferenceError(400), goodInference.replace("[5]", "[1e999]")],
  [4, "2^53 + 1", inferenceError(400), goodInference.replace("[5]", "[9007199254740993]")],
];

/** Bodies that are no JSON, or JSON that does harm before anybody has asked what it means. */
export const jsonBodyCases: readonly HostileRequest[] = [
  ...spoiledJson.flatMap(([name, code, spoil]): HostileRequest[] => [
    {
      name: `a body that is ${name}`,
      row: 1,
      wanted: problem(400, code.replace("EVENT", "BODY")),
      input: predict(spoil(goodPrediction)),
    },
    {
      name: `a body of the inference protocol that is ${name}`,
      row: 1,
      wanted: inferenceError(400),
      input: infer(spoil(goodInference)),
    },
  ]),
  ...harmful.map(([row, name, wanted, body]) => ({
    row,
    name: `prediction: ${name}`,
    wanted,
    input: predict(body),
  })),
  ...inferHarmful.map(([row, name, wanted, body]) => ({
    row,
    name: `inference: ${name}`,
    wanted,
    input: infer(body),
  })),
];
