import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ForTests, openForTests, realData } from "./testing/open-for-tests.ts";
import type { Column, CsvOptions, FileFormat } from "./types.ts";

let given: ForTests;
beforeAll(async () => {
  given = await openForTests();
});
afterAll(() => given.close());

const limits = { rows: 4_000_000, columns: 200, bytes: 1 << 30 };
let outputs = 0;
async function convert(
  paths: string[],
  format: FileFormat,
  more: { columns?: Column[]; csv?: CsvOptions; limits?: Partial<typeof limits> } = {},
) {
  const output = given.path(`output-${outputs++}.parquet`);
  const files = paths.map((path) => ({ path, format }));
  try {
    const table = await given.tabular.toParquet({
      ...more,
      files,
      output,
      limits: { ...limits, ...more.limits },
    });
    return { ...table, output, rows: await given.tabular.readRows({ path: output, limit: 100 }) };
  } catch (error) {
    expect(existsSync(output)).toBe(false);
    throw error;
  }
}
const csv = async (name: string, content: string | Uint8Array, more: Parameters<typeof convert>[2] = {}) =>
  convert([await given.file(name, content)], "csv", more);

describe("real data", () => {
  test("a CSV file becomes a typed table", async () => {
    const { rowCount, columns, rows } = await convert([realData("seattle-weather.csv")], "csv");
    expect(rowCount).toBe(1461);
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "date timestamp",
      "precipitation number",
      "temp_max number",
      "temp_min number",
      "wind number",
      "weather string",
    ]);
    expect(rows[0]).toEqual({
      date: "2012-01-01T00:00:00.000Z",
      precipitation: 0,
      temp_max: 12.8,
      temp_min: 5,
      wind: 4.7,
      weather: "drizzle",
    });
  });

  test("three million rows of Parquet keep their values, and the same input gives the same bytes", async () => {
    const first = await convert([realData("flights-3m.parquet")], "parquet");
    const second = await convert([realData("flights-3m.parquet")], "parquet");
    expect(first.rowCount).toBe(3_000_000);
    expect(first.rows[0]).toEqual({
      date: "2001-01-01T00:01:00.000Z",
      delay: 33,
      distance: 2176,
      origin: "LAS",
      destination: "PHL",
    });
    expect((await readFile(first.output)).equals(await readFile(second.output))).toBe(true);
  });

  test("description and table agree about columns and rows", async () => {
    const described = await given.tabular.describe({
      files: [realData("seattle-weather.csv")],
      format: "csv",
    });
    expect(described.rowCount).toBe(1461);
    expect(described.columns).toEqual((await convert([realData("seattle-weather.csv")], "csv")).columns);
  });
});

describe("types", () => {
  test("are found from all values, and what would lose something stays a text", async () => {
    const { columns } = await csv(
      "types.csv",
      "a,b,c,d,e,f,g,h\n1,1.5,true,007,2020-01-01T10:00Z,x,,12345678901234567890\n-2,3,FALSE,12,2021-12-31,7,,1\n",
    );
    expect(columns.map(({ type }) => type)).toEqual([
      "integer",
      "number",
      "boolean",
      "string",
      "timestamp",
      "string",
      "string",
      "number",
    ]);
  });

  test("times with an offset become UTC, times without are UTC", async () => {
    const { rows } = await csv(
      "times.csv",
      "t\n2020-01-01T00:30:00+02:00\n2020-01-01 10:00\n2020-02-29 23:59:59.123456\n",
    );
    expect(rows.map((row) => row.t)).toEqual([
      "2019-12-31T22:30:00.000Z",
      "2020-01-01T10:00:00.000Z",
      "2020-02-29T23:59:59.123456Z",
    ]);
  });

  test.each([
    ["integer", "1.5"],
    ["integer", "9223372036854775808"],
    ["number", "1,5"],
    ["boolean", "maybe"],
    ["timestamp", "now"],
    ["timestamp", "2021-02-30"],
  ] as const)("a declared %s that is %s is an error with row and column", async (type, value) => {
    await expect(
      csv("bad.csv", `id,v\n1,\n2,"${value}"\n`, { columns: [{ name: "v", type }] }),
    ).rejects.toMatchObject({
      code: "VALUE_NOT_OF_TYPE",
      details: { row: 2, column: "v", value },
      whatToDo: expect.stringContaining("declare"),
    });
  });

  test.each([
    ["1", "1.5", "number"],
    ["1", "007", "string"],
    ["1.5", "007", "string"],
    ["1", "x", "string"],
    ["true", "1", "string"],
    ["2020-01-01", "2020-01-01T10:00+02:00", "timestamp"],
    ["2020-01-01", "today", "string"],
    ["", "1", "integer"],
    ["", "2020-01-01", "timestamp"],
    ["", "x", "string"],
  ])("a file of %j is read as one that begins with %j where it ends so", async (usual, other, type) => {
    const rows = (values: string[]) => `i,v\n${values.map((value, row) => `${row},${value}\n`).join("")}`;
    const many = new Array<string>(10_000).fill(usual);
    const late = await csv("late.csv", rows([...many, other]));
    const early = await csv("early.csv", rows([other, ...many]));
    expect(late.columns).toEqual(early.columns);
    expect(late.columns[1]).toMatchObject({ name: "v", type });
    const last = await given.tabular.readRows({ path: late.output, limit: 1, offset: 10_000 });
    expect(last[0]?.v).toEqual(early.rows[0]?.v);
    expect(late.rows[0]?.v).toEqual(early.rows[1]?.v);
  });

  test("declared columns come first, others are kept", async () => {
    const { columns, rows } = await csv("declared.csv", "a,b,c\n1,2,3\n", {
      columns: [
        { name: "c", type: "number" },
        { name: "a", type: "string" },
      ],
    });
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual(["c number", "a string", "b integer"]);
    expect(rows).toEqual([{ c: 3, a: "1", b: 2 }]);
  });

  test("what an undeclared column was before it stays, where it holds the values", async () => {
    const path = await given.file("known.csv", "a,b,c,d,e\n1,2,3.5,,true\n");
    const output = given.path("known.parquet");
    const before = { a: "string", b: "number", c: "integer", d: "timestamp", e: "timestamp" } as const;
    const known = Object.entries(before).map(([name, type]) => ({ name, type }));
    const files = [{ path, format: "csv" as const }];
    const { columns } = await given.tabular.toParquet({ files, known, output, limits });
    expect(columns.map(({ type }) => type)).toEqual(["string", "number", "number", "timestamp", "boolean"]);
  });

  test("a declared column that is missing is named, with those that there are", async () => {
    await expect(
      csv("missing.csv", "a,b\n1,2\n", {
        columns: [
          { name: "label", type: "number" },
          { name: "key", type: "string" },
        ],
      }),
    ).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      details: { columns: ["label", "key"] },
      message: expect.stringContaining('It has: "a", "b"'),
    });
  });
});

describe("several files form one table", () => {
  test("by the names of their columns, in the order of the files", async () => {
    const one = await given.file("one.csv", "a,b\n1,x\n2,y\n");
    const two = await given.file("two.csv", "b,a,c\nz,3.5,true\n");
    const { rows, columns } = await convert([one, two], "csv");
    expect(columns.map(({ type }) => type)).toEqual(["number", "string", "boolean"]);
    expect(rows).toEqual([
      { a: 1, b: "x", c: null },
      { a: 2, b: "y", c: null },
      { a: 3.5, b: "z", c: true },
    ]);
  });

  test("of different formats", async () => {
    const files = [
      { path: await given.file("mixed.csv", "a,b\n1,x\n"), format: "csv" as const },
      { path: await given.file("mixed.jsonl", '{"a":2,"b":"y"}\n'), format: "json-lines" as const },
    ];
    const output = given.path("mixed.parquet");
    await given.tabular.toParquet({ files, output, limits });
    expect(await given.tabular.readRows({ path: output, limit: 9 })).toEqual([
      { a: 1, b: "x" },
      { a: 2, b: "y" },
    ]);
  });

  test("a required column must be in each of them, a nullable one in any", async () => {
    const one = await given.file("required-1.csv", "a,b\n1,x\n");
    const two = await given.file("required-2.csv", "a\n3\n");
    await expect(
      convert([one, two], "csv", { columns: [{ name: "b", type: "string" }] }),
    ).rejects.toMatchObject({ code: "COLUMN_MISSING" });
    expect(
      (await convert([one, two], "csv", { columns: [{ name: "b", type: "string", nullable: true }] }))
        .rowCount,
    ).toBe(2);
  });
});

describe("JSON lines", () => {
  test("numbers, texts and dates have their types, texts of digits stay texts where declared", async () => {
    const path = await given.file(
      "rows.jsonl",
      '{"n":1,"t":"2020-01-01","s":"a","z":"01234"}\n{"n":2.5,"t":null,"s":"b"}\n',
    );
    const { columns, rows } = await convert([path], "json-lines");
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "n number",
      "t timestamp",
      "s string",
      "z string",
    ]);
    expect(rows[1]).toEqual({ n: 2.5, t: null, s: "b", z: null });
  });

  test("objects and lists are refused by name", async () => {
    const path = await given.file("nested.jsonl", '{"a":1,"b":{"c":1}}\n{"a":2,"d":[1]}\n');
    await expect(convert([path], "json-lines")).rejects.toMatchObject({
      code: "COLUMN_UNSUPPORTED",
      details: { columns: ["b", "d"] },
    });
  });

  test.each(['{"a":1}\n{"a":', "[1,2]\n", "not json\n"])(
    "what is not one object a line is refused: %j",
    async (content) => {
      await expect(convert([await given.file("bad.jsonl", content)], "json-lines")).rejects.toMatchObject({
        code: "JSON_UNREADABLE",
      });
    },
  );
});

describe("JSON", () => {
  test("a list of objects is a table", async () => {
    const path = await given.file("list.json", '[{"n":1,"s":"a"},\n {"n":2.5,"s":null,"t":"2020-01-01"}]');
    expect((await convert([path], "json")).rows).toEqual([
      { n: 1, s: "a", t: null },
      { n: 2.5, s: null, t: "2020-01-01T00:00:00.000Z" },
    ]);
  });

  test.each(['[{"a":1},{"a":', '{"a":1}', "[1,2]", "not json", '[{"a":1}] x'])(
    "what is not one list of objects is refused: %j",
    async (content) => {
      await expect(convert([await given.file("bad.json", content)], "json")).rejects.toMatchObject({
        code: "JSON_UNREADABLE",
        whatToDo: expect.stringContaining("list of plain objects"),
      });
    },
  );
});

describe("hostile CSV", () => {
  test.each([
    ["a row with too few fields", "a,b\n1,2\n3\n", 3],
    ["a row with too many fields", "a,b\n1,2\n3,4,5\n", 3],
    ["more fields than the header in every row", "a,b\n1,2,3\n", 2],
    ["a quote without end", 'a,b\n1,"x\n', 2],
    ["text after a closing quote", 'a,b\n1,2\n3,"4"x\n', 3],
    ["bytes that are not UTF-8", Buffer.from("a,b\n1,\xff\xfe\n", "latin1"), 2],
  ])("%s is an error with its line and the reason", async (_, content, row) => {
    await expect(csv("hostile.csv", content)).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
      details: { row, reason: expect.stringMatching(/\w/) },
      message: expect.not.stringContaining("strict_mode"),
    });
  });

  test("names that are SQL, prototypes, spaces or long are only names", async () => {
    const names = ['"; DROP TABLE x; --', "__proto__", "constructor", "a b", "ü‮x", "n".repeat(10_000)];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(",");
    const { columns, rows } = await csv("names.csv", `${header}\n1,2,3,4,5,6\n`);
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(Object.keys(rows[0] ?? {})).toEqual(names);
    expect(({} as Record<string, unknown>)["2"]).toBeUndefined();
  });

  test("names that repeat are refused, also in another case; empty ones are named by their place", async () => {
    await expect(csv("twice.csv", "a,b,a\n1,2,3\n")).rejects.toMatchObject({
      code: "COLUMN_DUPLICATE",
      details: { columns: ["a"] },
    });
    await expect(csv("case.csv", "a,A\n1,2\n")).rejects.toMatchObject({ code: "COLUMN_DUPLICATE" });
    expect((await csv("unnamed.csv", ",a\n0,5\n")).rows).toEqual([{ column0: 0, a: 5 }]);
  });

  test("NUL bytes stay in their cell", async () => {
    expect((await csv("nul.csv", "a,b\nx\0y,1\n")).rows).toEqual([{ a: "x\0y", b: 1 }]);
  });

  test("nothing at all is an error, a header alone is an empty table", async () => {
    await expect(csv("empty.csv", "")).rejects.toMatchObject({ code: "FILE_EMPTY" });
    expect(await csv("header.csv", "a,b\n")).toMatchObject({ rowCount: 0, rows: [] });
  });

  test("byte order mark, Windows line ends and quoted line breaks are read", async () => {
    expect((await csv("windows.csv", '\uFEFFa,b\r\n1,"x\r\ny"\r\n2,""\r\n')).rows).toEqual([
      { a: 1, b: "x\r\ny" },
      { a: 2, b: null },
    ]);
  });

  test("the first wrong line is told with its column, and how many there are", async () => {
    const ragged = `a,b,c\n1,2,3\n4,5\n${"6,7,8\n".repeat(1000)}6,7,8,9\n1,"x\n`;
    await expect(csv("ragged.csv", ragged)).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
      details: { row: 3, column: "c", count: 3 },
      message: expect.stringMatching(
        /at line 3, column "c": .*\. In all, 3 lines of the file cannot be read\.$/,
      ),
    });
    await expect(csv("long.csv", "a,b\n1,2,3\n")).rejects.toMatchObject({
      message: expect.stringContaining("at line 2, field 3"),
    });
    const column = { name: "a", type: "integer" as const };
    await expect(csv("values.csv", "a\n1\nx\ny\n", { columns: [column] })).rejects.toMatchObject({
      details: { row: 2, column: "a", value: "x", count: 2 },
      message: expect.stringContaining("2 values of the file"),
    });
  });

  test("the delimiter is found, and a line without names is a row of the declared columns", async () => {
    const columns: Column[] = [
      { name: "n", type: "integer" },
      { name: "s", type: "string" },
    ];
    expect((await csv("semicolon.csv", "s;n;more\nx;1;2\n", { columns })).rows).toEqual([
      { n: 1, s: "x", more: 2 },
    ]);
    expect((await csv("bare.csv", "1\tx\n2\ty\n", { columns })).rows).toEqual([
      { n: 1, s: "x" },
      { n: 2, s: "y" },
    ]);
  });

  test("UTF-16 is found by its mark, other encodings are stated", async () => {
    const text = "\uFEFFname,n\nKöln €,1\n";
    const little = Buffer.from(text, "utf16le");
    const rows = [{ name: "Köln €", n: 1 }];
    expect((await csv("little.csv", little)).rows).toEqual(rows);
    expect((await csv("big.csv", Buffer.from(little).swap16())).rows).toEqual(rows);
    const western = Buffer.from("name,n\nK\xf6ln \x80,1\n", "latin1");
    expect((await csv("western.csv", western, { csv: { encoding: "windows-1252" } })).rows).toEqual(rows);
    await expect(csv("unstated.csv", western)).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
      details: { row: 2, column: "name" },
      whatToDo: expect.stringContaining("data.csv.encoding"),
    });
    await expect(csv("false.csv", western, { csv: { encoding: "shift_jis" } })).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
      message: expect.stringContaining("not shift_jis"),
    });
    expect(await given.leftovers()).toEqual([]);
  });

  test("no header and other words for nothing are stated", async () => {
    const { rows } = await csv("options.csv", "1;NA;x\n2;3;-\n", {
      csv: { delimiter: ";", header: false, nullValues: ["NA", "-"] },
    });
    expect(rows).toEqual([
      { column0: 1, column1: null, column2: "x" },
      { column0: 2, column1: 3, column2: null },
    ]);
  });

  test("a hundred thousand columns are refused before they are read", async () => {
    await expect(
      csv("wide.csv", `${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(",")}\n`),
    ).rejects.toMatchObject({ code: "TOO_MANY_COLUMNS" });
  });
});

describe("hostile Parquet", () => {
  test("a file that was cut off, is no Parquet or has a false footer is an error", async () => {
    const real = await readFile(realData("flights-3m.parquet"));
    const falseLength = Buffer.concat([
      Buffer.from("PAR1"),
      Buffer.alloc(64),
      Buffer.from([0xff, 0xff, 0xff, 0x7f]),
      Buffer.from("PAR1"),
    ]);
    for (const content of [
      real.subarray(0, 5_000_000),
      Buffer.from("PAR1PAR1"),
      Buffer.alloc(1000, 7),
      falseLength,
    ]) {
      await expect(convert([await given.file("cut.parquet", content)], "parquet")).rejects.toMatchObject({
        code: "PARQUET_UNREADABLE",
      });
    }
  });

  test("a damaged page is an error", async () => {
    const damaged = Buffer.from(await readFile(realData("flights-3m.parquet")));
    damaged.fill(0xa5, 1_000_000, 1_200_000);
    await expect(convert([await given.file("damaged.parquet", damaged)], "parquet")).rejects.toMatchObject({
      code: expect.stringMatching(/PARQUET_UNREADABLE|MEMORY/),
    });
  });

  test("a small file that stands for too many rows is refused from its footer", async () => {
    const bomb = given.path("bomb.parquet");
    await write(`COPY (SELECT 1 AS a, 'x' AS b FROM range(20000000)) TO '${bomb}'`);
    expect((await readFile(bomb)).length).toBeLessThan(200_000);
    await expect(convert([bomb], "parquet")).rejects.toMatchObject({
      code: "TOO_MANY_ROWS",
      message: expect.stringContaining("20000000"),
    });
  });

  test("nested columns are refused, small and decimal types become one of the five", async () => {
    const path = given.path("kinds.parquet");
    await write(
      `COPY (SELECT 1::TINYINT AS a, 1.25::DECIMAL(9,2) AS b, DATE '2020-01-02' AS c, TIMESTAMPTZ '2020-01-01 00:00:00+02' AS d, 'x'::ENUM('x') AS e, 2.5::FLOAT AS f) TO '${path}'`,
    );
    expect((await convert([path], "parquet")).rows).toEqual([
      { a: 1, b: 1.25, c: "2020-01-02T00:00:00.000Z", d: "2019-12-31T22:00:00.000Z", e: "x", f: 2.5 },
    ]);
    await write(`COPY (SELECT [1] AS list, {'a': 1} AS object, 'x'::BLOB AS bytes, 1 AS a) TO '${path}'`);
    await expect(convert([path], "parquet")).rejects.toMatchObject({
      code: "COLUMN_UNSUPPORTED",
      details: { columns: ["list", "object", "bytes"] },
    });
  });

  async function write(sql: string): Promise<void> {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(sql);
    connection.closeSync();
  }
});

describe("limits and paths", () => {
  test("rows, columns and bytes", async () => {
    await expect(csv("rows.csv", "a\n1\n2\n3\n", { limits: { rows: 2 } })).rejects.toMatchObject({
      code: "TOO_MANY_ROWS",
    });
    await expect(csv("columns.csv", "a,b,c\n1,2,3\n", { limits: { columns: 2 } })).rejects.toMatchObject({
      code: "TOO_MANY_COLUMNS",
    });
    await expect(csv("bytes.csv", "a\n1\n", { limits: { bytes: 3 } })).rejects.toMatchObject({
      code: "TOO_MANY_BYTES",
    });
  });

  test("a missing file, a folder, a pattern, a relative path and an address are refused", async () => {
    await expect(convert(["/no/such/file"], "csv")).rejects.toMatchObject({ code: "FILE_MISSING" });
    await expect(convert([given.path(".")], "csv")).rejects.toMatchObject({ code: "FILE_MISSING" });
    for (const path of [given.path("*.csv"), "relative.csv", "https://localhost/x.csv", "s3://bucket/x"]) {
      await expect(convert([path], "csv")).rejects.toMatchObject({ code: "PATH_UNUSABLE" });
    }
  });

  test("an output never overwrites an input, and the input survives the attempt", async () => {
    const path = await given.file("both.csv", "a\n1\n");
    const overwriting = given.tabular.toParquet({
      files: [{ path, format: "csv" }],
      output: path.replace("both", "./both"),
      limits,
    });
    await expect(overwriting).rejects.toMatchObject({ code: "PATH_UNUSABLE" });
    expect(existsSync(path)).toBe(true);
  });

  test("one endless line is an error, not endless memory", async () => {
    await expect(csv("line.csv", `a,b\n1,${"x".repeat(30_000_000)}\n`)).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
    });
    await expect(csv("header-line.csv", "x".repeat(30_000_000))).rejects.toMatchObject({
      code: "CSV_UNREADABLE",
    });
  });

  test("a path with quotes and the look of a partition is only a path", async () => {
    const path = given.path("year=2020 'x' \"y\".csv");
    await copyFile(await given.file("plain.csv", "a\n1\n"), path);
    expect((await convert([path], "csv")).rows).toEqual([{ a: 1 }]);
  });

  test("nothing is left in the folder for intermediate results", async () => {
    expect(await given.leftovers()).toEqual([]);
  });
});
