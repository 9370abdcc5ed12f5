import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Expectation } from "./expectations.ts";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";

let given: ForTests;
let table: string;
beforeAll(async () => {
  given = await openForTests();
  table = given.path("flights.parquet");
  const types = {
    id: "integer",
    code: "string",
    out: "timestamp",
    back: "timestamp",
    fare: "number",
  } as const;
  const rows = [
    { id: 1, code: "OSL", out: "2024-01-01", back: "2024-01-02", fare: 10 },
    { id: 2, code: "ro", out: "2024-01-03", back: "2024-01-02", fare: 5 },
    { id: 2, code: null, out: null, back: "2024-01-02", fare: null },
    { id: -3, code: "LIM\n", out: "2024-01-02", back: null, fare: 0 },
  ];
  const columns = Object.entries(types).map(([name, type]) => ({ name, type, nullable: true }));
  await given.tabular.writeRows({ rows, columns, output: table });
});
afterAll(() => given.close());

const check = (...expectations: Expectation[]) => given.tabular.check({ path: table, expectations });
const only = async (expectation: Expectation) => (await check(expectation)).results[0];

describe("what a person has written", () => {
  test.each<[Expectation, number, { row: number; value: string | null } | undefined]>([
    [{ kind: "pattern", column: "code", pattern: "[A-Z]{3}" }, 2, { row: 2, value: "ro" }],
    [{ kind: "pattern", column: "code", pattern: "(?s).*" }, 0, undefined],
    [{ kind: "condition", sql: "back >= out" }, 1, { row: 2, value: null }],
    [{ kind: "condition", sql: "id > 0 -- a comment" }, 1, { row: 4, value: null }],
    [{ kind: "condition", sql: "true) OR (true" }, 0, undefined],
    [{ kind: "finite", column: "fare" }, 0, undefined],
    [{ kind: "finite", column: "out" }, 0, undefined],
    [{ kind: "ordered", column: "out" }, 1, { row: 4, value: "2024-01-02 00:00:00" }],
    [{ kind: "ordered", column: "id" }, 1, { row: 4, value: "-3" }],
  ])("%o is broken by %i rows", async (expectation, failedRows, example) => {
    expect(await only(expectation)).toMatchObject({
      passed: failedRows === 0,
      failedRows,
      ...(example ? { example } : {}),
    });
  });

  test.each<[string, Expectation, RegExp]>([
    ["look-around", { kind: "pattern", column: "code", pattern: "(?=x)x" }, /cannot be used: .*regex|perl/i],
    ["a back reference", { kind: "pattern", column: "code", pattern: "(a)\\1" }, /cannot be used/],
    [
      "a pattern that grows without end",
      { kind: "pattern", column: "code", pattern: "((a{900}){900}){900}" },
      /cannot be used/,
    ],
    ["a long pattern", { kind: "pattern", column: "code", pattern: "a".repeat(1001) }, /longer than 1000/],
    ["a pattern of numbers", { kind: "pattern", column: "id", pattern: "1" }, /does not apply/],
    ["a column that is not there", { kind: "condition", sql: "nowhere = 1" }, /no input column nowhere/],
    ["what is no condition", { kind: "condition", sql: "id + 1" }, /not true or false/],
    ["a subquery", { kind: "condition", sql: "(select true)" }, /cannot be used/],
    ["a file", { kind: "condition", sql: "exists(from read_text('/etc/passwd'))" }, /cannot be used/],
    ["the time", { kind: "condition", sql: "out < now()" }, /function now is not among/],
    ["two statements", { kind: "condition", sql: "true); drop table x; select (true" }, /cannot be used/],
  ])("%s is refused with the reason, and stops nothing", async (_, expectation, message) => {
    const { results } = await check(expectation, { kind: "not-null", column: "id" });
    expect(results[0]).toMatchObject({
      passed: false,
      failedRows: 0,
      message: expect.stringMatching(message),
    });
    expect(results[1]?.passed).toBe(true);
  });

  test("a condition that fails on a row says so, and the others are judged all the same", async () => {
    const { results } = await check(
      { kind: "condition", name: "code is a number", sql: "cast(code as integer) > 0" },
      { kind: "condition", sql: "back >= out" },
    );
    expect(results[0]).toMatchObject({
      passed: false,
      failedRows: 0,
      message: expect.stringMatching(/"code is a number" fails on the data: .*OSL.*try_cast/),
    });
    expect(results[1]?.failedRows).toBe(1);
  });
});

test("rows are set aside for keys and conditions over the same columns, but not for their order", async () => {
  const quarantined = given.path("aside.parquet");
  const expectations: Expectation[] = [
    { kind: "unique", columns: ["id"] },
    { kind: "range", column: "id", min: 0 },
    { kind: "condition", name: "returns later", sql: "back >= out" },
    { kind: "ordered", column: "out" },
  ];
  const report = await given.tabular.check({ path: table, expectations, quarantined });
  expect(report.quarantinedRows).toBe(3);
  const rows = await given.tabular.readRows({ path: quarantined, limit: 9 });
  expect(rows.map(({ _reasons }) => _reasons)).toEqual([
    ['the condition "returns later" is not met'],
    ['"id" repeats an earlier row'],
    ['"id" is out of range (at least 0)'],
  ]);
});

describe("columns that refer to another table", () => {
  let tables: Record<string, string>;
  beforeAll(async () => {
    const cities = given.path("cities.parquet");
    await given.tabular.writeRows({
      rows: [
        { code: "OSL", number: 1 },
        { code: "OSL", number: 2.5 },
        { code: null, number: 3 },
      ],
      columns: [
        { name: "code", type: "string", nullable: true },
        { name: "number", type: "number" },
      ],
      output: cities,
    });
    tables = { cities };
  });
  const refer = async (column: string, of: string, table = "cities") =>
    (
      await given.tabular.check({
        path: given.path("flights.parquet"),
        expectations: [{ kind: "references", column, table, of }],
        tables,
      })
    ).results[0];

  test("are broken by values that are nowhere in it, and not by missing ones", async () => {
    expect(await refer("code", "code")).toMatchObject({ failedRows: 2, example: { row: 2, value: "ro" } });
    expect(await refer("id", "number")).toMatchObject({ failedRows: 3, example: { row: 2, value: "2" } });
  });

  test.each([
    ["code", "code", "towns", 'refers to "towns", of which there are no rows yet'],
    ["code", "name", "cities", 'refers to "name" of "cities", which has no such column'],
    ["code", "number", "cities", "is of type string and cannot refer to"],
  ])("cannot be asked for %s in %s of %s", async (column, of, table, message) => {
    expect(await refer(column, of, table)).toMatchObject({
      passed: false,
      failedRows: 0,
      message: expect.stringContaining(message),
    });
  });

  test("set rows aside, each once though the other table repeats", async () => {
    const quarantined = given.path("unreferenced.parquet");
    const report = await given.tabular.check({
      path: table,
      expectations: [
        { kind: "references", column: "code", table: "cities", of: "code" },
        { kind: "unique", columns: ["id"] },
      ],
      tables,
      quarantined,
    });
    expect(report).toMatchObject({ acceptedRows: 1, quarantinedRows: 3 });
    const rows = await given.tabular.readRows({ path: quarantined, limit: 9 });
    expect(rows.map(({ _reasons }) => _reasons)).toEqual([
      ['"code" is nowhere in "code" of "cities"'],
      ['"id" repeats an earlier row'],
      ['"code" is nowhere in "code" of "cities"'],
    ]);
  });
});

test("NaN and infinities are counted as no finite numbers", async () => {
  const path = given.path("odd.parquet");
  await given.tabular.toParquet({
    files: [{ path: await given.file("odd.csv", "x\ninf\nnan\n2\n"), format: "csv" }],
    columns: [{ name: "x", type: "number" }],
    output: path,
    limits: { rows: 10, columns: 10, bytes: 1000 },
  });
  const { results } = await given.tabular.check({ path, expectations: [{ kind: "finite", column: "x" }] });
  expect(results[0]).toMatchObject({ failedRows: 2, example: { row: 1, value: "inf" } });
});
