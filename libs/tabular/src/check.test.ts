import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Expectation, inferExpectations } from "./expectations.ts";
import { type ForTests, openForTests, realData } from "./testing/open-for-tests.ts";

let given: ForTests;
let table: string;
const rows = [
  { id: 1, price: 10, kind: "a", ok: true, at: "2024-01-01" },
  { id: 2, price: -1, kind: "b", ok: false, at: "2024-01-02" },
  { id: 2, price: null, kind: "z", ok: true, at: "2024-01-03" },
  { id: 3, price: 99, kind: null, ok: true, at: null },
  { id: null, price: 5, kind: "a", ok: true, at: "2030-01-01" },
  { id: null, price: 5.5, kind: "a", ok: true, at: "2024-01-01" },
];
beforeAll(async () => {
  given = await openForTests();
  table = given.path("table.parquet");
  const types = { id: "integer", price: "number", kind: "string", ok: "boolean", at: "timestamp" } as const;
  const columns = Object.entries(types).map(([name, type]) => ({ name, type, nullable: true }));
  await given.tabular.writeRows({ rows, columns, output: table });
});
afterAll(() => given.close());
const results = async (...expectations: Expectation[]) =>
  (await given.tabular.check({ path: table, expectations })).results;
const result = async (expectation: Expectation) => (await results(expectation))[0];

describe("an expectation", () => {
  test.each<[Expectation, boolean, number, { row: number; value: string | null } | undefined]>([
    [{ kind: "column-present", column: "id" }, true, 0, undefined],
    [{ kind: "column-present", column: "ID" }, false, 0, undefined],
    [{ kind: "type", column: "price", type: "number" }, true, 0, undefined],
    [{ kind: "type", column: "id", type: "number" }, true, 0, undefined],
    [{ kind: "type", column: "price", type: "integer" }, false, 0, undefined],
    [{ kind: "not-null", column: "id" }, false, 2, { row: 5, value: null }],
    [{ kind: "not-null", column: "id", maxNullShare: 0.4 }, true, 2, { row: 5, value: null }],
    [{ kind: "not-null", column: "ok" }, true, 0, undefined],
    [{ kind: "range", column: "price", min: 0, max: 50 }, false, 2, { row: 2, value: "-1.0" }],
    [{ kind: "range", column: "price", max: 99 }, true, 0, undefined],
    [
      { kind: "range", column: "at", min: "2024-01-01", max: "2025-01-01" },
      false,
      1,
      { row: 5, value: "2030-01-01 00:00:00" },
    ],
    [{ kind: "allowed-values", column: "kind", values: ["a", "b"] }, false, 1, { row: 3, value: "z" }],
    [{ kind: "allowed-values", column: "ok", values: [true, false] }, true, 0, undefined],
    [{ kind: "allowed-values", column: "price", values: [10, -1, 99, 5, 5.5] }, true, 0, undefined],
    [{ kind: "allowed-values", column: "kind", values: [] }, false, 5, { row: 1, value: "a" }],
    [{ kind: "unique", columns: ["id"] }, false, 1, { row: 2, value: "2" }],
    [{ kind: "unique", columns: ["id", "kind"] }, true, 0, undefined],
    [{ kind: "row-count", min: 6, max: 6 }, true, 0, undefined],
    [{ kind: "row-count", min: 7 }, false, 0, undefined],
  ])("%o", async (expectation, passed, failedRows, example) => {
    expect(await result(expectation)).toEqual({
      expectation,
      passed,
      failedRows,
      message: expect.stringMatching(/\S/),
      ...(example ? { example } : {}),
    });
    // What the profile shows to be met needs no look at the rows, and so has no example.
    const profile = await given.tabular.profile({ path: table });
    const { results: byProfile } = await given.tabular.check({
      path: table,
      expectations: [expectation],
      profile,
    });
    const { example: first, ...rest } = (await result(expectation)) ?? {};
    expect(byProfile[0]).toMatchObject(passed ? rest : { ...rest, ...(first ? { example: first } : {}) });
  });

  test("that the profile cannot answer for sure is looked for in the rows", async () => {
    const output = given.path("doubtful.parquet");
    const doubtful = [{ at: "2024-01-01T00:00:00.000001Z", part: 0.1 }];
    const columns = [
      { name: "at", type: "timestamp" },
      { name: "part", type: "number" },
    ] as const;
    await given.tabular.writeRows({ rows: doubtful, columns, output });
    const profile = await given.tabular.profile({ path: output });
    const expectations: Expectation[] = [
      { kind: "range", column: "at", max: "2024-01-01T00:00:00.000Z" },
      { kind: "allowed-values", column: "part", values: [0.1] },
      { kind: "allowed-values", column: "at", values: ["2024-01-01T00:00:00.000001Z"] },
    ];
    const found = await given.tabular.check({ path: output, expectations, profile });
    expect(found).toEqual(await given.tabular.check({ path: output, expectations }));
    expect(found.results.map(({ passed }) => passed)).toEqual([false, true, false]);
  });

  test.each<Expectation>([
    { kind: "range", column: "kind", min: 1 },
    { kind: "range", column: "price", min: "1" },
    { kind: "range", column: "at", min: "soon" },
    { kind: "unique", columns: ["id", "none"] },
    { kind: "not-null", column: '"; DROP TABLE x' },
  ])("that does not fit the table fails with the reason and stops nothing: %o", async (expectation) => {
    expect(await result(expectation)).toMatchObject({
      passed: false,
      failedRows: 0,
      message: expect.stringMatching(/no column|does not apply/),
    });
  });
});

describe("quarantine", () => {
  const all: Expectation[] = [
    { kind: "not-null", column: "id", maxNullShare: 0.5 },
    { kind: "range", column: "price", min: 0, max: 88.19999999999999 },
    { kind: "allowed-values", column: "kind", values: ["a", "b'c", "b"] },
    { kind: "unique", columns: ["id"] },
    { kind: "row-count", min: 100 },
  ];

  test("sets aside the rows that break a failed expectation, with every reason, in their order", async () => {
    const [accepted, quarantined] = [given.path("accepted.parquet"), given.path("quarantined.parquet")];
    const report = await given.tabular.check({ path: table, expectations: all, accepted, quarantined });
    expect(report).toMatchObject({ rowCount: 6, acceptedRows: 3, quarantinedRows: 3 });
    const kept = await given.tabular.readRows({ path: accepted, limit: 9 });
    expect(kept.map(({ price }) => price)).toEqual([10, 5, 5.5]);
    expect(Object.keys(kept[0] ?? {})).toEqual(["id", "price", "kind", "ok", "at"]);
    const aside = await given.tabular.readRows({ path: quarantined, limit: 9 });
    expect(aside.map(({ price, _reasons }) => [price, _reasons])).toEqual([
      [-1, ['"price" is out of range (0 to 88.2)']],
      [null, ['"kind" has a value that is not allowed', '"id" repeats an earlier row']],
      [99, ['"price" is out of range (0 to 88.2)']],
    ]);
  });

  test("accepts everything when nothing failed, and counts without writing when only one part is wanted", async () => {
    const accepted = given.path("accepted-all.parquet");
    const fine: Expectation[] = [{ kind: "range", column: "price", min: -10 }];
    expect(await given.tabular.check({ path: table, expectations: fine, accepted })).toMatchObject({
      acceptedRows: 6,
      quarantinedRows: 0,
    });
    expect(await given.tabular.check({ path: table, expectations: all, accepted })).toMatchObject({
      acceptedRows: 3,
      quarantinedRows: 3,
    });
    const quarantined = given.path("quarantined-none.parquet");
    expect(await given.tabular.check({ path: table, expectations: fine, quarantined })).toMatchObject({
      quarantinedRows: 0,
    });
  });
});

describe("profile and inferred expectations", () => {
  test("of a small table are exact", async () => {
    const profile = await given.tabular.profile({ path: table });
    const [id, price, kind, ok, at] = profile.columns;
    expect(profile.rowCount).toBe(6);
    expect(id).toMatchObject({
      type: "integer",
      nulls: 2,
      distinct: 3,
      min: 1,
      max: 3,
      mean: 2,
      topValues: [
        { value: 2, count: 2 },
        { value: 1, count: 1 },
        { value: 3, count: 1 },
      ],
    });
    expect(price).toMatchObject({ nulls: 1, distinct: 5, min: -1, max: 99, mean: 23.7 });
    expect(price?.standardDeviation).toBeCloseTo(42.2753, 4);
    expect(price?.histogram?.edges).toHaveLength(21);
    expect(price?.histogram?.counts.reduce((sum, count) => sum + count)).toBe(5);
    expect(price?.histogram?.counts.slice(0, 3)).toEqual([1, 2, 1]);
    expect(kind).toMatchObject({
      nulls: 1,
      distinct: 3,
      min: "a",
      max: "z",
      mean: null,
      histogram: null,
      topValues: [
        { value: "a", count: 3 },
        { value: "b", count: 1 },
        { value: "z", count: 1 },
      ],
    });
    expect(ok).toMatchObject({
      min: null,
      mean: 5 / 6,
      topValues: [
        { value: true, count: 5 },
        { value: false, count: 1 },
      ],
    });
    expect(at).toMatchObject({
      min: "2024-01-01T00:00:00.000Z",
      max: "2030-01-01T00:00:00.000Z",
      mean: null,
      standardDeviation: null,
    });
    expect(at?.histogram?.edges[0]).toBe("2024-01-01T00:00:00.000Z");
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  test("survive columns that are empty, constant, endless, infinite or of no rows", async () => {
    const path = given.path("odd.parquet");
    await given.tabular.toParquet({
      files: [
        {
          path: await given.file(
            "odd.csv",
            "empty,same,odd,huge\n,1,inf,1e308\n,1,nan,-1e308\n,1,2,5e-324\n",
          ),
          format: "csv",
        },
      ],
      columns: [{ name: "odd", type: "number" }],
      output: path,
      limits: { rows: 10, columns: 10, bytes: 1000 },
    });
    const { columns } = await given.tabular.profile({ path });
    expect(columns.find(({ name }) => name === "odd")).toMatchObject({
      nulls: 0,
      nonFinite: 2,
      min: 2,
      max: 2,
      mean: 2,
      standardDeviation: null,
      histogram: { edges: [2, 2], counts: [1] },
    });
    expect(columns.find(({ name }) => name === "empty")).toMatchObject({
      type: "string",
      nulls: 3,
      distinct: 0,
      min: null,
      topValues: [],
    });
    expect(columns.find(({ name }) => name === "same")).toMatchObject({
      distinct: 1,
      standardDeviation: 0,
      histogram: { counts: [3] },
    });
    expect(columns.find(({ name }) => name === "huge")).toMatchObject({ min: -1e308, max: 1e308 });
    const none = given.path("none.parquet");
    await given.tabular.writeRows({
      rows: [],
      columns: [
        { name: "a", type: "number" },
        { name: "t", type: "timestamp" },
      ],
      output: none,
    });
    expect(await given.tabular.profile({ path: none })).toMatchObject({
      rowCount: 0,
      columns: [
        { nulls: 0, min: null },
        { nulls: 0, min: null },
      ],
    });
    expect(inferExpectations(await given.tabular.profile({ path: none }))).toContainEqual({
      kind: "row-count",
      min: 1,
    });
  });

  test("of real data are met by the data they came from", async () => {
    const path = given.path("weather.parquet");
    await given.tabular.toParquet({
      files: [{ path: realData("seattle-weather.csv"), format: "csv" }],
      output: path,
      limits: { rows: 1e6, columns: 10, bytes: 1e9 },
    });
    const expectations = inferExpectations(await given.tabular.profile({ path }));
    expect(expectations).toContainEqual({
      kind: "allowed-values",
      column: "weather",
      values: ["rain", "sun", "fog", "drizzle", "snow"],
    });
    expect(expectations).toContainEqual({
      kind: "range",
      column: "precipitation",
      min: 0,
      max: expect.closeTo(83.85),
    });
    const { results } = await given.tabular.check({ path, expectations });
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
  });
});
