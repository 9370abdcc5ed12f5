import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTransformer, type Transformer } from "./open-transformer.ts";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";
import type { Column, SqlColumn } from "./types.ts";

const input: Column[] = [
  { name: "n", type: "number", nullable: true },
  { name: "i", type: "integer", nullable: true },
  { name: "s", type: "string", nullable: true },
  { name: "b", type: "boolean", nullable: true },
  { name: "t", type: "timestamp", nullable: true },
];
const columns: SqlColumn[] = [
  { name: "same", sql: "n" },
  { name: "ratio", sql: "n / nullif(i, 0)" },
  { name: "tenth", sql: "i * 0.1" },
  { name: "bucket", sql: "case when n > 100 then 'high' when n > 0 then 'low' else s end" },
  { name: "hour", sql: "extract(hour from t)" },
  { name: "month", sql: "date_trunc('month', t)" },
  { name: "length", sql: "length(s)" },
  { name: "upper", sql: "upper(s)" },
  { name: "flag", sql: "coalesce(b, false) and i % 2 = 0" },
  { name: "log", sql: "ln(abs(n) + 1)" },
];

let given: ForTests;
let transformer: Transformer;
beforeAll(async () => {
  given = await openForTests();
  transformer = await openTransformer({ input, columns });
});
afterAll(async () => {
  await transformer.close();
  await given.close();
});

const time = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.nat(999),
  )
  .map(([date, micros]) => date.toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`));
const rowsOfAllKinds = fc.array(
  fc.record({
    n: fc.option(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: -200, max: 200, noNaN: true }),
      ),
    ),
    i: fc.option(fc.maxSafeInteger()),
    s: fc
      .option(
        fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "'", '"', "\\", "\n", "null", "NaN")),
      )
      .map((s) => s?.replaceAll("\0", "") ?? null),
    b: fc.option(fc.boolean()),
    t: fc.option(time),
  }),
  { minLength: 1, maxLength: 30 },
);

describe("offline and online", () => {
  test("give the same features for the same rows, bit by bit", async () => {
    const [table, features] = [given.path("rows.parquet"), given.path("features.parquet")];
    await fc.assert(
      fc.asyncProperty(rowsOfAllKinds, async (rows) => {
        await given.tabular.writeRows({ rows, columns: input, output: table });
        const selected = await given.tabular.select({ inputs: [table], columns, output: features });
        expect(selected.columns).toEqual(transformer.output);
        const offline = await given.tabular.readColumns({
          path: features,
          columns: columns.map(({ name }) => name),
        });
        const online = await transformer.transform(rows);
        expect(online.errors).toEqual([]);
        for (const { name, type } of transformer.output) {
          const live = online.columns[name] ?? [];
          const numbers = (values: typeof live) =>
            new Float64Array(values.map((value) => (value === null ? Number.NaN : Number(value))));
          expect(type === "string" ? live : numbers(live), name).toEqual(offline.columns[name]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("read back the rows that were written", async () => {
    const table = given.path("round-trip.parquet");
    await fc.assert(
      fc.asyncProperty(rowsOfAllKinds, async (rows) => {
        await given.tabular.writeRows({ rows, columns: input, output: table });
        const read = await given.tabular.readRows({ path: table, limit: 100 });
        // JSON has no -0, and times keep as many digits as they need.
        const shown = rows.map((row) => ({
          ...row,
          n: row.n === null ? null : row.n + 0,
          t: row.t?.replace(/000Z$/, "Z") ?? null,
        }));
        expect(read).toEqual(shown);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a bad row", () => {
  const typed: Column[] = [
    { name: "n", type: "number" },
    { name: "s", type: "string" },
    { name: "i", type: "integer", nullable: true },
    { name: "t", type: "timestamp", nullable: true },
  ];
  let small: Transformer;
  beforeAll(async () => {
    small = await openTransformer({
      input: typed,
      columns: [
        { name: "x", sql: "n + 1" },
        { name: "y", sql: "cast(s as integer)" },
      ],
    });
  });
  afterAll(() => small.close());

  test("has an error that names its column, and the others have their values", async () => {
    const rows = [
      { n: 1, s: "1" },
      { s: "1" },
      { n: "2", s: "1" },
      { n: 3, s: "3", more: {} },
      { n: 1, s: "1", i: 1.5 },
      { n: 1, s: "x" },
      { n: 4, s: "4" },
    ];
    const { columns, errors } = await small.transform(rows);
    expect(columns).toEqual({ x: [2, null, null, 4, null, null, 5], y: [1, null, null, 3, null, null, 4] });
    expect(errors.map(({ row, column }) => [row, column])).toEqual([
      [1, "n"],
      [2, "n"],
      [4, "i"],
      [5, "y"],
    ]);
    expect(errors[0]?.message).toBe('Column "n" is missing. Its type is number.');
    expect(errors[3]?.message).toContain("'x'");
  });

  test.each([
    ["t", "yesterday"],
    ["t", "2024-02-30"],
    ["t", 5],
    ["t", "2024-01-01T25:00"],
    ["i", 2 ** 53],
    ["i", true],
    ["n", Number.NaN],
    ["n", null],
    ["s", "\ud800"],
    ["s", "a\0b"],
    ["s", ["a"]],
  ])("is one whose %s is %o", async (column, value) => {
    const { errors } = await small.transform([{ n: 1, s: "1", [column]: value }]);
    expect(errors).toEqual([{ row: 0, column, message: expect.stringContaining(`"${column}"`) }]);
  });

  test("inherits nothing from a prototype", async () => {
    const { errors } = await small.transform([Object.create({ n: 1, s: "1" })]);
    expect(errors).toHaveLength(1);
  });

  test("that comes together with good rows of other callers fails none of them", async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => small.transform([{ n, s: n === 17 ? "bad" : String(n) }])),
    );
    for (const [n, { columns, errors }] of results.entries()) {
      expect(n === 17 ? errors[0] : columns).toEqual(
        n === 17 ? { row: 0, column: "y", message: expect.any(String) } : { x: [n + 1], y: [n] },
      );
    }
  });

  test("is no row at all: the answer is empty", async () => {
    expect(await small.transform([])).toEqual({ columns: { x: [], y: [] }, errors: [] });
  });
});

describe("a transformer", () => {
  test("of plain columns answers without a process, as the engine would", async () => {
    const some = { n: 1.5, i: 2, s: "x", b: true, t: "2024-01-01T00:00:00.123456+01:00" };
    const names = input.map(({ name }) => ({
      name: `out_${name}`,
      sql: name === "n" ? '"N"' : name.toUpperCase(),
    }));
    const plain = await openTransformer({ input, columns: names });
    const engine = await openTransformer({ input, columns: [...names, { name: "computed", sql: "i + 1" }] });
    const { computed: _, ...expected } = (await engine.transform([some, {}])).columns;
    expect((await plain.transform([some, {}])).columns).toEqual(expected);
    expect(plain.output).toEqual(engine.output.slice(0, 5));
    await Promise.all([plain.close(), engine.close()]);
  });

  test("is not opened with SQL that is refused or names that repeat", async () => {
    await expect(
      openTransformer({ input, columns: [{ name: "x", sql: "(select 1)" }] }),
    ).rejects.toMatchObject({ code: "SQL_REFUSED" });
    await expect(
      openTransformer({
        input,
        columns: [
          { name: "x", sql: "n" },
          { name: "X", sql: "i" },
        ],
      }),
    ).rejects.toMatchObject({ code: "COLUMN_DUPLICATE" });
  });

  test("answers again after a row that killed its child, and only that row is lost", async () => {
    const bombing = await openTransformer({
      input: [{ name: "n", type: "integer" }],
      columns: [{ name: "x", sql: "length(repeat(repeat('x', 1000000), n))" }],
      memoryLimitMiB: 256,
    });
    const results = await Promise.allSettled([1, 2, 3_000, 3].map((n) => bombing.transform([{ n }])));
    const values = results.map((result) =>
      result.status === "fulfilled" ? result.value.columns.x?.[0] : result.reason.code,
    );
    expect(values).toEqual([1_000_000, 2_000_000, "MEMORY", 3_000_000]);
    expect((await bombing.transform([{ n: 4 }])).columns).toEqual({ x: [4_000_000] });
    await bombing.close();
  });

  test("stops waiting when its caller does", async () => {
    await expect(transformer.transform([{}], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    const abort = new AbortController();
    const waiting = transformer.transform([{}], { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await transformer.transform([{}])).errors).toEqual([]);
  });
});
