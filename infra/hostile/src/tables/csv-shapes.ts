import type { HostileTable, TableAnswer } from "./table-input.ts";

const row = 27;
const refused = (line?: number): TableAnswer => ({
  refused: "CSV_UNREADABLE",
  ...(line === undefined ? {} : { line }),
});

/** Where in the file the broken record stands: each place is met by another part of the reader. */
const places = [
  { place: "in the first record", before: "", after: "8,9\n", line: 2 },
  { place: "between good records", before: "6,7\n", after: "8,9\n", line: 3 },
  { place: "at the end, without a line end", before: "6,7\n", after: undefined, line: 3 },
  { place: "after three thousand good records", before: "6,7\n".repeat(3000), after: "8,9\n", line: 3002 },
] as const;

const brokenRecords = [
  ["one field too few", "1"],
  ["one field too many", "1,2,3"],
  ["a thousand fields too many", `1${",2".repeat(1001)}`],
  ["text after a closing quote", '1,"2"x'],
  ["a quote inside an unquoted field that opens nothing", '1,"2""'],
] as const;

const ragged: readonly HostileTable[] = brokenRecords.flatMap(([what, record]) =>
  places.map(({ place, before, after, line }) => ({
    name: `${what} ${place}`,
    row,
    input: { content: `a,b\n${before}${record}${after === undefined ? "" : `\n${after}`}` },
    wanted: refused(line),
  })),
);

type Case = readonly [name: string, content: string, wanted: TableAnswer];
const cases = (number: number, list: readonly Case[]): HostileTable[] =>
  list.map(([name, content, wanted]) => ({ name, row: number, input: { content }, wanted }));

const quotes = cases(row, [
  ["a quote without end in the header", '"a,b\n1,2\n', refused(1)],
  ["a quote without end in the only record", 'a,b\n1,"2\n', refused(2)],
  ["a file that is one quote", '"', refused(1)],
  ["a quote that opens nothing", 'a,b\n1",2\n', { rows: [{ a: '1"', b: 2 }] }],
]);

const lineEnds = cases(row, [
  ["a Unix line end among Windows ones", "a,b\r\n1,2\n3,4\r\n", refused()],
  ["a Windows line end among Unix ones", "a,b\n1,2\r\n3,4\n", refused()],
  ["an old Macintosh line end among Unix ones", "a,b\n1,2\r3,4\n", refused()],
  ["old Macintosh line ends", "a,b\r1,2\r", { rows: [{ a: 1, b: 2 }] }],
  ["a Unix line break in a name of a Windows file", 'a,"b\nc"\r\n1,2\r\n', refused(1)],
  ["a Windows line break in a name of a Unix file", 'a,"b\r\nc"\n1,2\n', refused(1)],
  ["line ends of all kinds inside quotes", 'a,b\n"x\r\ny\rz\n",2\n', { rows: [{ a: "x\r\ny\rz\n", b: 2 }] }],
  ["a Unicode line separator in a cell", "a,b\nx\u2028y,2\n", { rows: [{ a: "x\u2028y", b: 2 }] }],
  ["vertical tab and form feed in a cell", "a,b\nx\v\fy,2\n", { rows: [{ a: "x\v\fy", b: 2 }] }],
  [
    "an empty line between records",
    "a,b\n1,2\n\n3,4\n",
    {
      rows: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    },
  ],
  ["empty lines at the end", "a,b\n1,2\n\n\n", { rows: [{ a: 1, b: 2 }] }],
  ["an empty line before the header", "\na,b\n1,2\n", refused()],
  ["no line end at all", "a,b", { rows: [] }],
]);

const sizes = cases(row, [
  ["a cell of three megabytes", `a,b\n1,${"x".repeat(3_000_000)}\n`, refused()],
  ["a quoted cell of three megabytes of line ends", `a,b\n1,"${"\n".repeat(3_000_000)}"\n`, refused()],
  ["a name of three megabytes", `${"x".repeat(3_000_000)}\n1\n`, refused(1)],
  ["a quote and three megabytes of header", `"${"x,".repeat(1_500_000)}\n1\n`, refused(1)],
  ["one column more than the limit", `${"c,".repeat(200)}c\n`, { refused: "TOO_MANY_COLUMNS" }],
  ["half a million columns", `${"c,".repeat(500_000)}c\n`, { refused: "TOO_MANY_COLUMNS" }],
  ["one row more than the limit", `a\n${"1\n".repeat(10_001)}`, { refused: "TOO_MANY_ROWS" }],
]);

const small = cases(30, [
  ["no bytes", "", { refused: "FILE_EMPTY" }],
  ["a header and no rows", "a,b\n", { rows: [] }],
  ["columns without any value", "a,b\n,\n", { rows: [{ a: null, b: null }] }],
  ["one row", "a,b\n1,x\n", { rows: [{ a: 1, b: "x" }] }],
  [
    "one value in all rows",
    "a,b\n1,x\n1,x\n",
    {
      rows: [
        { a: 1, b: "x" },
        { a: 1, b: "x" },
      ],
    },
  ],
]);

const texts = cases(29, [
  [
    "a cell that a spreadsheet runs",
    "a,b\n=cmd|' /C'!A0,@SUM(1)\n",
    { rows: [{ a: "=cmd|' /C'!A0", b: "@SUM(1)" }] },
  ],
  ["a cell that is markup", "a,b\n<script>x()</script>,1\n", { rows: [{ a: "<script>x()</script>", b: 1 }] }],
]);

/** Delimiters and quotes that are stated but cannot be: none may be taken for another one. */
const options: readonly HostileTable[] = (
  [
    ["an empty delimiter", { delimiter: "" }],
    ["a line end as delimiter", { delimiter: "\n" }],
    ["the quote as delimiter", { delimiter: '"' }],
    ["a delimiter that ends the SQL text", { delimiter: "', header = false) --" }],
    ["a NUL as delimiter", { delimiter: "\0" }],
    ["a quote of two characters", { quote: "''" }],
    ["a line end as quote", { quote: "\n" }],
    ["a text for no value that ends the SQL text", { nullValues: ["x'], columns = {'a': 'INT'}) --"] }],
  ] as const
).map(([name, csv]) => ({ name, row, input: { content: "a,b\n1,2\n", csv }, wanted: refused() }));

export const csvShapes: readonly HostileTable[] = [
  ...ragged,
  ...quotes,
  ...lineEnds,
  ...sizes,
  ...small,
  ...texts,
  ...options,
];
