import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCounts, countAgainst, populationStabilityIndex } from "./drift.ts";
import type { ColumnReference } from "./reference-types.ts";
import { type ForTests, openForTests, realData } from "./testing/open-for-tests.ts";

const numeric = (edges: number[], shares: number[]): ColumnReference => ({
  name: "x",
  kind: "numeric",
  edges,
  shares,
});
const cells = (reference: ColumnReference, values: unknown[]) =>
  countAgainst(
    { rowCount: 1, columns: [reference] },
    values.map((x) => ({ x })),
  ).columns.x;

describe("the population stability index", () => {
  test("has the value of a calculation by hand", () => {
    // (0.3-0.25)ln(0.3/0.25) + (0.2-0.25)ln(0.2/0.25) + 0 + 0
    const reference = numeric([1, 2], [0.25, 0.25, 0.25, 0.25]);
    expect(populationStabilityIndex(reference, [30, 20, 25, 25])).toBeCloseTo(
      0.05 * Math.log(1.2) - 0.05 * Math.log(0.8),
      12,
    );
  });

  test("takes an empty cell as a share of 0.0001 on either side", () => {
    expect(populationStabilityIndex(numeric([], [1, 0]), [50, 50])).toBeCloseTo(
      -0.5 * Math.log(0.5) + 0.4999 * Math.log(5_000),
      12,
    );
    expect(populationStabilityIndex(numeric([], [0.5, 0.5]), [100, 0])).toBeCloseTo(
      0.5 * Math.log(2) - 0.4999 * Math.log(0.0002),
      12,
    );
  });

  test("is zero for the same shares and for no rows, and never negative", () => {
    const counts = fc.array(fc.nat(1_000), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const total = Math.max(
          1,
          a.reduce((sum, count) => sum + count),
        );
        const reference = numeric(
          [1, 2],
          a.map((count) => count / total),
        );
        expect(populationStabilityIndex(reference, b)).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(reference, a)).toBeCloseTo(0, 12);
      }),
    );
    expect(populationStabilityIndex(numeric([], [0.5, 0.5]), [0, 0])).toBe(0);
  });
});

describe("counting", () => {
  test("puts numbers up to an edge into its bin, and what is no number into the last cell", () => {
    const reference = numeric([0, 10], [0, 0, 0, 0]);
    expect(cells(reference, [-5, 0, 0.1, 10, 10.1, Number.POSITIVE_INFINITY, true])).toEqual([2, 3, 2, 0]);
    expect(cells(reference, [null, undefined, Number.NaN, "5", {}])).toEqual([0, 0, 0, 5]);
  });

  test("puts known categories, all others and missing values into cells of their own", () => {
    const reference: ColumnReference = {
      name: "x",
      kind: "categorical",
      categories: ["a", "1", "true"],
      shares: [0, 0, 0, 0, 0],
    };
    expect(cells(reference, ["a", 1, "1", true, "__proto__", "b", -0, null, Number.NaN])).toEqual([
      1, 2, 1, 3, 2,
    ]);
    expect(
      countAgainst({ rowCount: 1, columns: [reference] }, [{}, Object.create({ x: "a" })]).columns.x,
    ).toEqual([0, 0, 0, 0, 2]);
  });

  test("of two windows adds up to that of both", () => {
    const reference = { rowCount: 1, columns: [numeric([0, 1, 2], [0, 0, 0, 0, 0])] };
    const rows = fc.array(fc.record({ x: fc.double() }));
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        expect(addCounts(countAgainst(reference, a), countAgainst(reference, b))).toEqual(
          countAgainst(reference, [...a, ...b]),
        );
      }),
    );
  });
});

describe("a sample of a table", () => {
  test("has every n-th row of the columns that were asked for, the same ones each time", async () => {
    const given = await openForTests();
    try {
      const path = realData("flights-3m.parquet");
      const [once, again] = [given.path("once.parquet"), given.path("again.parquet")];
      const wanted = { path, columns: ["origin", "delay"], rows: 1000 };
      const { rowCount, columns } = await given.tabular.sample({ ...wanted, output: once });
      expect(rowCount).toBeLessThanOrEqual(1000);
      expect(columns.map(({ name }) => name)).toEqual(["origin", "delay"]);
      const rows = await given.tabular.readRows({ path: once, limit: 2000 });
      expect(rows).toHaveLength(rowCount);
      await given.tabular.sample({ ...wanted, output: again });
      expect(await given.tabular.readRows({ path: again, limit: 2000 })).toEqual(rows);
    } finally {
      await given.close();
    }
  });
});

describe("the reference of a table", () => {
  let given: ForTests;
  let flights: string;
  beforeAll(async () => {
    given = await openForTests();
    flights = realData("flights-3m.parquet");
  });
  afterAll(() => given.close());

  test("counts the table's own rows into the same cells as plain JavaScript does", async () => {
    const path = given.path("weather.parquet");
    await given.tabular.toParquet({
      files: [{ path: realData("seattle-weather.csv"), format: "csv" }],
      output: path,
      limits: { rows: 1e6, columns: 10, bytes: 1e9 },
    });
    const columns = [
      { name: "precipitation", kind: "numeric" },
      { name: "temp_max", kind: "numeric" },
      { name: "temp_min", kind: "categorical" },
      { name: "weather", kind: "categorical" },
      { name: "date", kind: "categorical" },
    ] as const;
    const reference = await given.tabular.reference({ path, columns, bins: 10 });
    const rows = await given.tabular.readRows({ path, limit: 10_000 });
    const counts = countAgainst(reference, rows);
    for (const column of reference.columns) {
      expect(counts.columns[column.name]?.map((count) => count / rows.length)).toEqual(column.shares);
      expect(populationStabilityIndex(column, counts.columns[column.name] ?? [])).toBeCloseTo(0, 12);
      expect(column.shares.length).toBeLessThanOrEqual(102);
    }
    // More than half of the days are dry: their quantiles fall into one edge.
    expect(reference.columns[0]).toMatchObject({ edges: expect.arrayContaining([0]) });
    expect(reference.columns[0]?.kind === "numeric" && reference.columns[0].edges.length).toBeLessThan(9);
  });

  test("of three million rows has ten bins of about equal shares, the same each time", async () => {
    const columns = [
      { name: "distance", kind: "numeric" },
      { name: "origin", kind: "categorical" },
    ] as const;
    const reference = await given.tabular.reference({ path: flights, columns, bins: 10 });
    const [distance, origin] = reference.columns;
    expect(distance?.shares).toHaveLength(11);
    for (const share of distance?.shares.slice(0, 10) ?? []) expect(share).toBeCloseTo(0.1, 1.5);
    expect(origin?.shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 10);
    expect(origin?.kind === "categorical" && origin.categories.slice(0, 3)).toEqual(["ORD", "DFW", "ATL"]);
    expect(await given.tabular.reference({ path: flights, columns, bins: 10 })).toEqual(reference);
  });

  test("has a share of missing values, and is refused for a text as a number", async () => {
    const path = given.path("missing.parquet");
    const columns = [
      { name: "x", type: "number", nullable: true },
      { name: "c", type: "string", nullable: true },
    ] as const;
    await given.tabular.writeRows({
      rows: [
        { x: 1, c: "a" },
        { x: null, c: null },
        { x: 2, c: "a" },
        { x: 3, c: "b" },
      ],
      columns,
      output: path,
    });
    const reference = await given.tabular.reference({
      path,
      columns: [
        { name: "x", kind: "numeric" },
        { name: "c", kind: "categorical" },
      ],
      bins: 3,
    });
    expect(reference.columns).toEqual([
      { name: "x", kind: "numeric", edges: [1, 2], shares: [0.25, 0.25, 0.25, 0.25] },
      { name: "c", kind: "categorical", categories: ["a", "b"], shares: [0.5, 0.25, 0, 0.25] },
    ]);
    await expect(
      given.tabular.reference({ path, columns: [{ name: "c", kind: "numeric" }], bins: 3 }),
    ).rejects.toMatchObject({ code: "VALUE_NOT_OF_TYPE" });
  });
});
