import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTable } from "../bench/write-table.ts";
import { openTabular } from "./open-tabular.ts";
import type { ColumnProfile, Profile } from "./profile-types.ts";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";

const ROWS = 260_000;

let forTests: ForTests;
let profile: Profile;
let path: string;
beforeAll(async () => {
  forTests = await openForTests();
  path = forTests.path("orders.parquet");
  await writeTable(path, 0, ROWS);
  profile = await forTests.tabular.profile({ path });
}, 60_000);
afterAll(() => forTests.close());

const column = (name: string): ColumnProfile => {
  const found = profile.columns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no column ${name}.`);
  return found;
};

async function ask(sql: string): Promise<number[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const [row = []] = (await connection.runAndReadAll(sql.replace("orders", `'${path}'`))).getRows();
    return row.map(Number);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test("counts, bounds, mean and deviation of columns with many values are those of the rows", async () => {
  for (const name of ["amount", "temperature", "score", "visits", "rebate"]) {
    const found = column(name);
    const [nulls, min, max, mean, deviation] = await ask(
      `SELECT count(*) - count(${name}), min(${name}), max(${name}), avg(${name}), stddev_samp(${name}) FROM orders`,
    );
    expect([found.nulls, found.min, found.max]).toEqual([nulls, min, max]);
    expect(found.mean).toBeCloseTo(mean ?? 0, 9);
    expect(found.standardDeviation).toBeCloseTo(deviation ?? 0, 9);
  }
});

test("the histogram counts every row, and the same as a comparison with its edges", async () => {
  for (const name of ["id", "amount", "temperature", "rebate"]) {
    const { edges = [], counts = [] } = column(name).histogram ?? {};
    const conditions = counts.map((_, bin) => {
      const low = bin === 0 ? ">=" : ">";
      return `count(*) FILTER (WHERE ${name} ${low} ${edges[bin]} AND ${name} <= ${edges[bin + 1]})`;
    });
    expect(counts).toEqual(await ask(`SELECT ${conditions.join(", ")} FROM orders`));
  }
});

test("quantiles are as near in rank as they say, and they say that it is near", async () => {
  for (const name of ["id", "amount", "distance", "longitude", "score", "visits", "rebate", "store"]) {
    const { values = [], rankError = 1 } = column(name).quantiles ?? {};
    expect(rankError, name).toBeLessThanOrEqual(0.005);
    const ranks = values.flatMap(({ value }) => [
      `count(*) FILTER (WHERE ${name} < ${value}) / count(${name})`,
      `count(*) FILTER (WHERE ${name} <= ${value}) / count(${name})`,
    ]);
    const found = await ask(`SELECT ${ranks.join(", ")} FROM orders`);
    for (const [index, { q }] of values.entries()) {
      expect((found[2 * index] ?? 1) - rankError).toBeLessThanOrEqual(q);
      expect((found[2 * index + 1] ?? 0) + rankError).toBeGreaterThanOrEqual(q);
    }
  }
});

test("distinct values are exact where they are few and near where they are many", async () => {
  for (const { name, distinct, distinctExact } of profile.columns) {
    const [truth = 0] = await ask(`SELECT count(DISTINCT ${name}) FROM orders`);
    if (distinctExact) expect(distinct).toBe(truth);
    else expect(Math.abs(distinct / truth - 1)).toBeLessThan(0.06);
  }
});

test("texts have lengths, forms and their most frequent values", () => {
  expect(column("customer")).toMatchObject({
    lengths: { min: 8, max: 8, mean: 8 },
    patterns: [{ pattern: "A-9{6}", share: 1 }],
    min: expect.stringMatching(/^C-0000/),
  });
  expect(column("channel").patterns.map(({ pattern }) => pattern)).toContain("a{7}");
  expect(column("channel").topValues).toHaveLength(6);
});

test("a table that has grown has the profile that it would have as a whole", async () => {
  const first = forTests.path("first.parquet");
  await writeTable(first, 0, 200_000);
  const { sketch: known } = await forTests.tabular.sketch({ path: first });
  const grown = await forTests.tabular.sketch({ path, known });
  expect(grown.profile.rowCount).toBe(ROWS);
  for (const [index, { mean, standardDeviation, ...rest }] of grown.profile.columns.entries()) {
    const whole = profile.columns[index];
    // Cells, patterns and frequent texts keep the places that the first rows gave them.
    const same = ["nulls", "nonFinite", "distinct", "distinctExact", "min", "max", "lengths"] as const;
    for (const key of same) expect(rest[key], `${rest.name} ${key}`).toEqual(whole?.[key]);
    expect(mean ?? 0).toBeCloseTo(whole?.mean ?? 0, 6);
    expect(standardDeviation ?? 0).toBeCloseTo(whole?.standardDeviation ?? 0, 6);
    expect(rest.quantiles?.rankError ?? 0).toBeLessThanOrEqual(0.005);
  }
  expect((await forTests.tabular.sketch({ path, known: grown.sketch })).sketch).toEqual(grown.sketch);
});

test("the drift of a window is as far from the Kolmogorov-Smirnov statistic of its rows as it says, and that is near", async () => {
  const { sketch: reference } = await forTests.tabular.sketch({ path });
  const window = forTests.path("window.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT amount * 1.1 AS amount, temperature + 1 AS temperature, rebate, visits + 2 AS visits, store // 2 AS store,
       price, channel, CASE WHEN country = 'country-1' THEN 'country-2' ELSE country END AS country
     FROM '${path}' WHERE id % 3 = 0) TO '${window}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const drifts = await forTests.tabular.drift({ path: window, reference });
  expect(drifts.map(({ name }) => name)).toContain("channel");
  for (const { name, distance, error } of drifts.filter(({ name }) => !/channel|country/.test(name))) {
    const [truth = 0] = await ask(
      `SELECT max(abs(coalesce(a, 0) - coalesce(b, 0))) FROM (SELECT sum(n) FILTER (WHERE w) OVER o / sum(n) FILTER (WHERE w) OVER () AS a,
         sum(n) FILTER (WHERE NOT w) OVER o / sum(n) FILTER (WHERE NOT w) OVER () AS b
       FROM (SELECT value, w, count(*) AS n FROM (SELECT ${name} AS value, false AS w FROM orders UNION ALL
         SELECT ${name}, true FROM '${window}') WHERE value IS NOT NULL GROUP BY ALL) WINDOW o AS (ORDER BY value))`,
    );
    expect(error, name).toBeLessThanOrEqual(0.005);
    expect(truth, name).toBeGreaterThanOrEqual(distance - 1e-9);
    expect(truth, name).toBeLessThanOrEqual(distance + error + 1e-9);
  }
  const country = drifts.find(({ name }) => name === "country");
  expect(country?.distance).toBeGreaterThan(0.02);
});

test("the profile does not depend on the number of threads", async () => {
  const temporaryDirectory = tmpdir();
  const limits = { memoryLimitMiB: 512, timeoutMs: 60_000 };
  const single = openTabular({ processes: 1, threads: 1, temporaryDirectory, ...limits });
  const many = openTabular({ processes: 1, threads: 4, temporaryDirectory, ...limits });
  try {
    expect(await single.profile({ path })).toEqual(profile);
    expect(await many.profile({ path })).toEqual(profile);
  } finally {
    await Promise.all([single.close(), many.close()]);
  }
});

test("a column that looks as if it had few values and has many is looked at again", async () => {
  const output = forTests.path("late.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  // Only one row of a thousand differs, but there are more such rows than values are counted one by one.
  await connection.run(
    `COPY (SELECT CASE WHEN i % 20 = 0 AND i > 150000 THEN i ELSE 0 END AS late FROM range(400000) AS rows(i))
     TO '${output}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
  );
  connection.closeSync();
  instance.closeSync();
  const { columns } = await forTests.tabular.profile({ path: output });
  expect(columns[0]).toMatchObject({ min: 0, max: 399_980, distinctExact: false });
  expect(columns[0]?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(400_000);
  await rm(output);
});
