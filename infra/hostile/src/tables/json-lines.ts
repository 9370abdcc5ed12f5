import type { HostileTable, TableAnswer } from "./table-input.ts";

const refused: TableAnswer = { refused: "JSON_UNREADABLE" };
const nested: TableAnswer = { refused: "COLUMN_UNSUPPORTED" };
type Case = readonly [row: number, name: string, content: string | Uint8Array, wanted: TableAnswer];

const cases: readonly Case[] = [
  [27, "nothing", "", { refused: "FILE_EMPTY" }],
  [27, "no JSON", "a,b\n1,2\n", refused],
  [27, "a record that is cut off", '{"a":1}\n{"a":', refused],
  [27, "a list as a record", '{"a":1}\n[1]\n', refused],
  [27, "a text as a record", '{"a":1}\n"x"\n', refused],
  [27, "two objects on one line", '{"a":1}{"a":2}\n', refused],
  [27, "one object on two lines", '{"a":\n1}\n', refused],
  [27, "one list of objects", '[{"a":1},{"a":2}]\n', refused],
  [27, "a comma at the end of an object", '{"a":1,}\n', { rows: [{ a: 1 }] }],
  [27, "single quotes", "{'a':1}\n", refused],
  [27, "a comment", '{"a":1} // one\n', refused],
  [27, "NUL instead of a line end", '{"a":1}\0{"a":2}\n', refused],
  [27, "UTF-16", Buffer.from('{"a":1}\n', "utf16le"), refused],
  [27, "a byte that is no UTF-8", Buffer.from('{"a":"\xff"}\n', "latin1"), refused],
  [27, "half of a surrogate pair, escaped", '{"a":"\\ud800"}\n', refused],
  [27, "a raw line end within a text", '{"a":"x\ny"}\n', refused],
  [
    27,
    "a hundred thousand lists within each other",
    `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`,
    { refused: "CRASHED" },
  ],
  [
    27,
    "a hundred thousand objects within each other",
    `{"a":${'{"b":'.repeat(100_000)}1${"}".repeat(100_000)}}\n`,
    { refused: "CRASHED" },
  ],
  [27, "a record of forty megabytes", `{"a":"${"x".repeat(40_000_000)}"}\n`, refused],
  [
    27,
    "more columns than the limit",
    `{${Array.from({ length: 201 }, (_, n) => `"c${n}":1`).join(",")}}\n`,
    { refused: "TOO_MANY_COLUMNS" },
  ],
  [
    27,
    "another column in each of three hundred records",
    Array.from({ length: 300 }, (_, n) => `{"c${n}":1}\n`).join(""),
    { refused: "TOO_MANY_COLUMNS" },
  ],
  [34, "an object in one record", '{"a":1}\n{"a":{"b":1}}\n', nested],
  [34, "a list in one record", '{"a":1}\n{"a":[1]}\n', nested],
  [34, "a type that changes", '{"a":1}\n{"a":"x"}\n', { rows: [{ a: "1" }, { a: "x" }] }],
  [
    34,
    "a column that only one record has",
    '{"a":1}\n{"b":2}\n',
    {
      rows: [
        { a: 1, b: null },
        { a: null, b: 2 },
      ],
    },
  ],
  [28, "one key twice in an object", '{"a":1,"a":2}\n', refused],
  [28, "one key in two cases", '{"a":1,"A":2}\n', { rows: [{ a: 1, A_1: 2 }] }],
  [28, "the key __proto__", '{"__proto__":1,"b":2}\n', { rows: [{ ["__proto__"]: 1, b: 2 }] }],
  [28, "the key constructor", '{"constructor":1}\n', { rows: [{ constructor: 1 as never }] }],
  [28, "an empty key", '{"":1}\n', { rows: [{ C0: 1 }] }],
  [28, "a key that is SQL", '{"\\"; DROP TABLE x; --":1}\n', { rows: [{ '"; DROP TABLE x; --': 1 }] }],
  [28, "a key with NUL", '{"a\\u0000b":1}\n', refused],
  [28, "a key that begins with a byte order mark", '{"\\ufeffa":1}\n', refused],
  [31, "a number beyond all numbers", '{"a":1e999}\n', { rows: [{ a: "1e999" }] }],
  [31, "NaN", '{"a":NaN}\n', { rows: [{ a: null }] }],
  [31, "Infinity", '{"a":-Infinity}\n', { rows: [{ a: null }] }],
  [31, "a number with a leading zero", '{"a":01}\n', refused],
  [31, "a hexadecimal number", '{"a":0x10}\n', refused],
  [31, "a number in a text", '{"a":"1e3"}\n', { rows: [{ a: 1000 }] }],
  [31, "minus zero", '{"a":-0.0}\n', { rows: [{ a: -0 }] }],
  [31, "a thousand digits", `{"a":${"9".repeat(1000)}}\n`, { rows: [{ a: "9".repeat(1000) }] }],
  [31, "NUL within a text", '{"a":"x\\u0000y"}\n', { rows: [{ a: "x\0y" }] }],
];

export const jsonLines: readonly HostileTable[] = cases.map(([row, name, content, wanted]) => ({
  name,
  row,
  input: { content },
  wanted,
}));
