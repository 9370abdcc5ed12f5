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
});
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
