import {
  at,
  before,
  behind,
  casesOf,
  columnLine,
  depthLine,
  exchanged,
  inLabel,
  instead,
  labelLine,
  labelled,
  lines,
  next,
  type Row,
  seedLine,
} from "./changed-files.ts";
import type { PipelineFileCase } from "./pipeline-file-case.ts";

const syntax: readonly Row[] = [
  [1, "nothing", instead(" "), at(1, 1, "a pipeline file is a mapping")],
  [1, "a comment", instead("# nothing"), at(1, 1, "a pipeline file is a mapping")],
  [1, "a text", instead("flights"), at(1, 1, "a pipeline file is a mapping")],
  [1, "a number", instead("7"), at(1, 1, "a pipeline file is a mapping")],
  [1, "a list", instead("- pipeline: a"), at(1, 1, "a pipeline file is a mapping")],
  [1, "JSON that is cut off", instead('{"pipeline": "flights", "data": {'), at(1, 34, "no valid YAML")],
  [1, "quotes without an end", labelled('"tip'), at(next, 1, "no valid YAML")],
  [1, "a tab for an indentation", instead("data:\n\tlabel: x"), at(2, 1, "a tab cannot indent")],
  [1, "a list within a mapping", behind("- a\n"), at(next, 1, "no valid YAML")],
  [1, "an escape that is none", labelled('"\\q"'), at(labelLine, 11, "no valid YAML")],
  [1, "a character beyond Unicode", labelled('"\\Uffffffff"'), at(labelLine, 11, "no valid YAML")],
  [1, "a reserved character", labelled("@tip"), at(labelLine, 10, "no valid YAML")],
  [1, "a second document", behind("---\npipeline: b\n"), at(next, 1, "a second document")],
  [1, "a document behind an end", behind("...\npipeline: b\n"), at(next + 1, 1, "a second document")],
  [1, "XML", instead("<?xml version='1.0'?><a>b</a>"), at(1, 1, "a pipeline file is a mapping")],
  [1, "a shell script", instead("#!/bin/sh\nrm -rf /\n"), at(1, 1, "a pipeline file is a mapping")],
];

const refusedTag = "tags such as !name are not understood";
const tags: readonly Row[] = (
  [
    "!!js/function 'function () {}'",
    "!!python/object/apply:os.system ['id']",
    "!ruby/object:Gem::Installer x",
    "!<tag:yaml.org,2002:java.net.URL> x",
    "!include /etc/passwd",
    "!secret tip",
    "!!binary dGlw",
    "!!timestamp 2026-01-01",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!!pairs [a: 1, a: 2]",
  ] as const
).flatMap((tag): Row[] => [
  [3, `the label ${tag}`, labelled(tag), at(labelLine, 10, refusedTag)],
  [3, `a parameter ${tag}`, exchanged("depth: 3", `depth: ${tag}`), at(depthLine, 12, refusedTag)],
]);

const keys: readonly Row[] = [
  [3, "__proto__", before("__proto__: {polluted: 1}\n"), at(1, 1, "cannot be a name")],
  [3, "__proto__ by an escape", before('"\\x5f_proto__": {polluted: 1}\n'), at(1, 1, "cannot be a name")],
  [
    3,
    "__proto__ among columns",
    exchanged("    at: t", "    __proto__: string\n    at: t"),
    at(columnLine, 5, "cannot be a name", "data.columns"),
  ],
  [
    3,
    "__proto__ among parameters",
    exchanged("    depth: 3", "    __proto__: {polluted: 1}"),
    at(depthLine, 5, "cannot be a name", "training.parameters"),
  ],
  [
    3,
    "__proto__ in a list of parameters",
    exchanged("depth: 3", "a: [{__proto__: {polluted: 1}}]"),
    at(depthLine, 10, "cannot be a name", "training.parameters.a[0]"),
  ],
  [
    3,
    "constructor.prototype",
    before("constructor: {prototype: {polluted: 1}}\n"),
    at(1, 1, "unknown here", "constructor"),
  ],
  [3, "a merge", before("<<: {pipeline: other}\n"), at(1, 1, "unknown here", "<<")],
  [3, "a merge of __proto__", before("<<: {__proto__: {polluted: 1}}\n"), at(1, 6, "cannot be a name", "<<")],
  [3, "a list for a key", before("? [a]\n: 1\n"), at(1, 3, "a key must be a plain word")],
  [3, "a mapping for a key", before("? {a: b}\n: 1\n"), at(1, 3, "a key must be a plain word")],
  [3, "an alias for a key", before("? &k x\n: 1\n? *k\n: 2\n"), at(3, 3, "a key must be a plain word")],
  [3, "nothing for a key", before(": 1\n"), at(1, 1, "a key must be a plain word")],
  [3, "a number for a key", before("7: 1\n"), at(1, 1, "unknown here", "7")],
  [
    3,
    "a key of 10,000 characters",
    before(`? ${"k".repeat(10_000)}\n: 1\n`),
    at(1, 3, "unknown here", "k".repeat(1000)),
  ],
];

const bombs: readonly Row[] = [
  [2, "190,000 brackets", instead("[".repeat(190_000)), at(1, 34, "nested deeper than 32")],
  [2, "95,000 dashes", instead("- ".repeat(95_000)), at(1, 67, "nested deeper than 32")],
  [2, "95,000 question marks", instead("? ".repeat(95_000)), at(1, 67, "nested deeper than 32")],
  [2, "mappings in mappings", instead("{a: ".repeat(40_000)), at(1, 133, "nested deeper than 32")],
  [
    2,
    "mappings by indentation",
    instead(lines(300, (i) => `${" ".repeat(i)}a:`)),
    at(34, 34, "nested deeper than 32"),
  ],
  [2, "15,000 anchors", instead(lines(15_000, (i) => `a${i}: &x 1`)), at(1, 1, "more than 100 anchors")],
  [
    2,
    "15,000 aliases",
    instead(`a: &x 1\n${lines(15_000, (i) => `a${i}: *x`)}`),
    at(14_001, 9, "more than 1000 aliases"),
  ],
  [
    2,
    "aliases of aliases of aliases",
    before(`a0: &x0 [1]\n${lines(12, (i) => `a${i + 1}: &x${i + 1} [${`*x${i},`.repeat(8)}]`)}\n`),
    at(1, 10, "expand to too much"),
  ],
  [2, "an alias of itself", before("a: &a [*a]\n"), at(1, 8, "names no anchor", "a[0][0]")],
  [2, "an alias of what comes later", labelled("*later"), inLabel("names no anchor")],
  [2, "15,000 settings", instead(lines(15_000, (i) => `key${i}: 1`)), at(1, 1, "unknown here", "key0")],
  [2, "190,000 characters of one text", labelled("x".repeat(190_000)), inLabel("must have at most 128")],
  [2, "a text of 50,000 lines", labelled(`|\n${"    x\n".repeat(25_000)}`), inLabel("must have at most 128")],
  [
    2,
    "60,000 blank lines before an unknown setting",
    before(`${"\n".repeat(60_000)}x: 1\n`),
    at(60_001, 1, "unknown here", "x"),
  ],
  [
    4,
    "1,000 digits",
    exchanged("seed: 7", `seed: ${"9".repeat(1000)}`),
    at(seedLine, 9, "must be", "training.seed"),
  ],
  [
    4,
    "a number in base 60, as YAML once had it",
    exchanged("seed: 7", "seed: 1:30"),
    at(seedLine, 9, "must be", "training.seed"),
  ],
];

/** What YAML itself offers to an attacker. */
export const yamlAttacks: readonly PipelineFileCase[] = casesOf([...syntax, ...tags, ...keys, ...bombs]);
