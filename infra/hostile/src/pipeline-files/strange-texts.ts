import {
  at,
  before,
  behind,
  casesOf,
  columnLine,
  depthLine,
  exchanged,
  labelLine,
  labelled,
  lineOf,
  next,
  type Row,
} from "./changed-files.ts";
import { fullFile } from "./full-file.ts";
import type { PipelineFileCase } from "./pipeline-file-case.ts";

const zero = '"a\\0b"';
const names: readonly Row[] = (
  [
    ["a dot", "a.b", "must be a slug"],
    ["a wildcard", '"*"', "must be a slug"],
    ["a wildcard for all", '">"', "must be a slug"],
    ["a blank", "a b", "must be a slug"],
    ["capitals", "Flights", "must be a slug"],
    ["a line break", '"a\\r\\nPUB b 0"', "must be a slug"],
    ["a zero", zero, "must be a slug"],
    ["the broker's prefix", "$JS", "must be a slug"],
    ["a letter of another alphabet", "аpple", "must be a slug"],
    ["wide letters", "ｆｌｉｇｈｔｓ", "must be a slug"],
    ["64 characters", "a".repeat(64), "must be a slug"],
    ["5,000 characters", "a".repeat(5000), "must be a slug"],
    ["a path", "../registry", "must be a slug"],
    ["what every object has", '"__proto__"', "must be a slug"],
    ["SQL", '"x\'; drop table pipelines; --"', "must be a slug"],
    ["a number", "7", "must be text"],
    ["nothing", "", "is empty"],
    ["yes", "true", "must be text"],
    ["a list", "[a]", "must be text"],
    ["another pipeline's", "other", "submitted as"],
  ] as const
).map(([name, value, says]) => [
  10,
  `a pipeline named by ${name}`,
  () => fullFile(value).replace("pipeline: \n", "pipeline:\n"),
  at(1, value === "" ? 10 : 11, says, "pipeline"),
]);

const unprintable = "a control character cannot stand";
const unkeepable = "a zero character, nor half";
const texts: readonly Row[] = [
  [10, "a zero in a comment", behind("# a\u0000b\n"), at(next, 4, unprintable)],
  [10, "a zero in a text", labelled("a\u0000b"), at(labelLine, 11, unprintable)],
  [
    10,
    "a zero by an escape in a parameter",
    exchanged("depth: 3", `depth: ${zero}`),
    at(depthLine, 12, unkeepable, "training.parameters.depth"),
  ],
  [
    10,
    "a zero by an escape in the name of a parameter",
    exchanged("depth: 3", `${zero}: 3`),
    at(depthLine, 5, unkeepable, "training.parameters"),
  ],
  [
    10,
    "a zero by an escape in the name of a column",
    exchanged("    at: t", `    ${zero}: string\n    at: t`),
    at(columnLine, 5, unkeepable, "data.columns"),
  ],
  [
    10,
    "a zero by an escape in an expression",
    exchanged("length(city)", zero),
    at(lineOf("hour: length(city)"), 11, unkeepable, "features.columns.hour"),
  ],
  [
    10,
    "half of a character by an escape",
    exchanged("depth: 3", 'depth: "\\ud800"'),
    at(depthLine, 12, unkeepable, "training.parameters.depth"),
  ],
  [
    10,
    "half of a character as it is",
    exchanged("depth: 3", "depth: a\ud800"),
    at(depthLine, 13, unprintable),
  ],
  [51, "an escape of terminals", exchanged("depth: 3", "depth: a\u001b[2Jb"), at(depthLine, 13, unprintable)],
];

/** Strange, and right. */
const tolerated: readonly Row[] = [
  [1, "Windows line ends", (p) => fullFile(p).replaceAll("\n", "\r\n"), "applied"],
  [1, "a byte order mark", before("\ufeff"), "applied"],
  [1, "a directive", before("%YAML 1.2\n---\n"), "applied"],
  [1, "an end of the document", behind("...\n"), "applied"],
  [2, "100 KB of comments", behind(`# ${"x".repeat(98)}\n`.repeat(1000)), "applied"],
  [3, "a column named constructor", exchanged("    at: t", "    constructor: string\n    at: t"), "applied"],
  [3, "a parameter named toString", exchanged("depth: 3", "toString: 3"), "applied"],
  [
    28,
    "a column named by SQL",
    exchanged("    at: t", "    '\"; drop table pipelines; --': string\n    at: t"),
    "applied",
  ],
  [
    51,
    "a parameter that is a script",
    exchanged("depth: 3", 'depth: "<script>alert(1)</script>"'),
    "applied",
  ],
  [28, "a column from right to left", exchanged("    at: t", "    \u202espit: string\n    at: t"), "applied"],
];

/** Names and texts that are no harm to YAML, but to what comes behind it. */
export const strangeTexts: readonly PipelineFileCase[] = casesOf([...names, ...texts, ...tolerated]);
