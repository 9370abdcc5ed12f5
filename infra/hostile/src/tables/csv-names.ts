import type { HostileTable, TableAnswer } from "./table-input.ts";

const row = 28;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Names that mean something to SQL, to JavaScript, to a reader of the screen, or to our own queries. */
const names: readonly string[] = [
  '"; DROP TABLE x; --',
  "a) FROM read_text('/etc/passwd') --",
  "'); COPY (SELECT 1) TO '/tmp/owned' --",
  "a\": 'VARCHAR'}, header = false) --",
  "*",
  "$1",
  "?",
  "select",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "0",
  "-1",
  " ",
  "\t",
  "a\nb",
  "a,b",
  "\\",
  "'",
  '"',
  "\u202Egnp.exe",
  "\u200B",
  "e\u0301",
  "🚕",
  "n".repeat(10_000),
  "../../etc/passwd",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is an attack on loggers, not a template.
  "${jndi:ldap://x}",
  "{{7*7}}",
  "<svg onload=alert(1)>",
  // The names that our own queries give to their helpers.
  "cascade_row",
  "n0",
  "boolean0",
  "c0",
  "filename",
  "rowid",
  "file_row_number",
];

const kept: readonly HostileTable[] = names.map((name) => ({
  name: `a column named ${JSON.stringify(name.slice(0, 40))}`,
  row,
  input: { content: `other,${quoted(name)}\n1,x\n` },
  wanted: {
    rows: [
      Object.fromEntries<string | number>([
        ["other", 1],
        [name, "x"],
      ]),
    ],
  },
}));

const declared: readonly HostileTable[] = ["cascade_row", "__proto__", 'a"b', "c0", "value"].map((name) => ({
  name: `a bad value in a declared column beside one named ${JSON.stringify(name)}`,
  row,
  input: {
    content: `v,${quoted(name)}\n1,2\nx,3\n`,
    columns: [
      { name: "v", type: "integer" },
      { name, type: "integer" },
    ],
  },
  wanted: { refused: "VALUE_NOT_OF_TYPE", line: 2 },
}));

const duplicate: TableAnswer = { refused: "COLUMN_DUPLICATE" };
const clashes: readonly HostileTable[] = (
  [
    ["one name twice", "a,b,a\n1,2,3\n"],
    ["one name in two cases", "Key,kEY\n1,2\n"],
    ["one name in two cases beyond ASCII", "Ä,ä\n1,2\n"],
    ["a name that an unnamed column gets", ",column0\n1,2\n"],
    ["one name a thousand times within the limit of columns", `${"a,".repeat(199)}a\n`],
    ["one name, once in quotes", '"a",a\n1,2\n'],
    ["__proto__ twice", "__proto__,__proto__\n1,2\n"],
  ] as const
).map(([name, content]) => ({ name, row, input: { content }, wanted: duplicate }));

const missing: readonly HostileTable[] = (
  [
    ["a declared column that is missing", "b\n1\n", "a"],
    ["a declared column with a space behind it", "a \n1\n", "a"],
    ["a declared column in its decomposed form", "e\u0301\n1\n", "\u00e9"],
    ["a declared column behind a zero-width space", "\u200Ba\n1\n", "a"],
    ["a declared column that is only inherited by objects", "b\n1\n", "toString"],
  ] as const
).map(([name, content, column]) => ({
  name,
  row: 34,
  input: { content, columns: [{ name: column, type: "integer" }] },
  wanted: { refused: "COLUMN_MISSING" },
}));

const wrongCase: readonly HostileTable[] = [
  {
    name: "a declared column in another case",
    row: 34,
    input: { content: "AMOUNT\n1\n", columns: [{ name: "amount", type: "integer" }] },
    wanted: duplicate,
  },
  {
    name: "names that are all empty",
    row,
    input: { content: ",,\n1,2,3\n" },
    wanted: { rows: [{ column0: 1, column1: 2, column2: 3 }] },
  },
];

export const csvNames: readonly HostileTable[] = [...kept, ...declared, ...clashes, ...missing, ...wrongCase];
