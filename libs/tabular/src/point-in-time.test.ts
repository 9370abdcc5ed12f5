import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aggregatesOf, inWindow, type Moment, newestBefore, type PastRow } from "./testing/naive-past.ts";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";
import type { Column } from "./types.ts";
import type { PastLookup } from "./worker/point-in-time.ts";

const pastColumns: Column[] = [
  { name: "key", type: "string", nullable: true },
  { name: "time", type: "timestamp", nullable: true },
  { name: "created", type: "timestamp", nullable: true },
  { name: "value", type: "number", nullable: true },
  { name: "name", type: "string", nullable: true },
];
const rowColumns: Column[] = [
  { name: "row", type: "integer" },
  { name: "who", type: "string", nullable: true },
  { name: "at", type: "timestamp", nullable: true },
];
const aggregates = (overMs: number): PastLookup["aggregates"] => [
  { name: "count", function: "count", overMs },
  { name: "values", function: "count", of: "value", overMs },
  { name: "sum", function: "sum", of: "value", overMs },
  { name: "avg", function: "avg", of: "value", overMs },
  { name: "min", function: "min", of: "value", overMs },
  { name: "max", function: "max", of: "value", overMs },
  { name: "last", function: "last", of: "name", overMs },
];

let given: ForTests;
beforeAll(async () => {
  given = await openForTests();
});
afterAll(() => given.close());

const moment = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** Writes a history in batches; the files in their order. */
async function writePast(batches: readonly (readonly PastRow[])[]): Promise<string[]> {
  const files = [];
  for (const [index, batch] of batches.entries()) {
    const output = given.path(`past-${index}.parquet`);
    const rows = batch.map((row) => ({ ...row, time: moment(row.time), created: moment(row.created) }));
    await given.tabular.writeRows({ rows, columns: pastColumns, output });
    files.push(output);
  }
  return files;
}

/** Writes a history in batches and the rows that ask for it, and gives back what they learn. */
async function lookUp(
  batches: readonly (readonly PastRow[])[],
  moments: readonly Moment[],
  { ttlMs, overMs }: { ttlMs?: number; overMs: number },
) {
  const files = await writePast(batches);
  const input = given.path("moments.parquet");
  const rows = moments.map(({ key, time }, row) => ({ row, who: key, at: moment(time) }));
  await given.tabular.writeRows({ rows, columns: rowColumns, output: input });
  const output = given.path("joined.parquet");
  await given.tabular.pointInTime({
    inputs: [input],
    time: "at",
    keep: ["row"],
    lookups: [
      {
        history: { files, columns: pastColumns.slice(3), key: "key", time: "time", created: "created" },
        key: "who",
        ttlMs,
        columns: [
          { name: "newest value", from: "value" },
          { name: "newest name", from: "name" },
        ],
        aggregates: aggregates(overMs),
      },
    ],
    output,
  });
  return given.tabular.readRows({ path: output, limit: 10_000 });
}

test("rows learn exactly what was known at their time: never anything newer, expired or of somebody else", async () => {
  // Few keys and times, so that ties and late rows are the rule.
  const key = fc.option(fc.constantFrom("a", "b", ""), { freq: 9 });
  const time = fc.option(fc.integer({ min: 0, max: 12 }), { freq: 15 });
  const past: fc.Arbitrary<PastRow> = fc.record({
    key,
    time,
    created: fc.option(fc.integer({ min: 0, max: 2 })),
    // Whole numbers: the order in which they are added does not change their sum.
    value: fc.option(fc.integer({ min: -50, max: 50 })),
    name: fc.option(fc.constantFrom("x", "y", "z")),
  });
  let known = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(past, { maxLength: 15 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.record({ key, time }), { minLength: 1, maxLength: 30 }),
      fc.nat(8),
      fc.integer({ min: 1, max: 8 }),
      async (batches, moments, ttlMs, overMs) => {
        const rows = batches.flat();
        const expected = moments.map((asked, row) => {
          const newest = newestBefore(rows, asked, ttlMs);
          if (newest !== undefined) known += 1;
          return {
            row,
            "newest value": newest?.value ?? null,
            "newest name": newest?.name ?? null,
            ...aggregatesOf(inWindow(rows, asked, overMs)),
          };
        });
        expect(await lookUp(batches, moments, { ttlMs, overMs })).toEqual(expected);
      },
    ),
    { numRuns: 12 },
  );
  // Something was known in the rows that were made up: comparing nothing with nothing would prove nothing.
  expect(known).toBeGreaterThan(0);
});

test("what is kept of an entity gives the value of any later time, as if its rows were looked up then", async () => {
  const overs = [3, 7];
  const past: fc.Arbitrary<PastRow> = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    time: fc.integer({ min: 0, max: 12 }),
    created: fc.constant(null),
    value: fc.option(fc.integer({ min: -50, max: 50 })),
    name: fc.constantFrom("x", "y", "z"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(past, { minLength: 1, maxLength: 25 }),
      fc.boolean(),
      async (rows, onlyNewest) => {
        const batches = [rows.slice(0, -1), rows.slice(-1)];
        const files = await writePast(batches);
        const output = given.path("entities.parquet");
        await given.tabular.entityRows({
          history: { files, columns: pastColumns.slice(3), key: "key", time: "time", created: "created" },
          changed: onlyNewest ? files[1] : undefined,
          columns: ["name"],
          aggregates: overs.flatMap((overMs) =>
            aggregates(overMs).map((one) => ({ ...one, name: `${one.name} ${overMs}` })),
          ),
          stepsMax: 100,
          output,
        });
        const steps = await given.tabular.readRows({ path: output, limit: 10_000 });
        const kept = new Set(steps.map((step) => step.cascade_key));
        expect(kept).toEqual(new Set((onlyNewest ? rows.slice(-1) : rows).map(({ key }) => key)));
        for (const key of kept) {
          const own = steps.filter((step) => step.cascade_key === key);
          const newest = Date.parse(String(own[0]?.cascade_time));
          for (let time = newest + 1; time < newest + 10; time += 1) {
            const step = own.findLast(({ cascade_after }) => Date.parse(String(cascade_after)) < time);
            const asked = { key: String(key), time };
            expect(step).toMatchObject({ name: newestBefore(rows, asked, 100)?.name });
            for (const overMs of overs) {
              const expected = Object.entries(aggregatesOf(inWindow(rows, asked, overMs)));
              expect(step).toMatchObject(
                Object.fromEntries(expected.map(([name, value]) => [`${name} ${overMs}`, value])),
              );
            }
          }
        }
      },
    ),
    { numRuns: 8 },
  );
});

test("of many steps the first and the last one stay", async () => {
  const rows = Array.from({ length: 40 }, (_, time) => ({
    key: "a",
    time,
    created: null,
    value: 1,
    name: null,
  }));
  const output = given.path("thinned.parquet");
  const { rowCount } = await given.tabular.entityRows({
    history: { files: await writePast([rows]), columns: pastColumns.slice(3), key: "key", time: "time" },
    columns: [],
    aggregates: [{ name: "sum", function: "sum", of: "value", overMs: 1000 }],
    stepsMax: 10,
    output,
  });
  const steps = await given.tabular.readRows({ path: output, limit: 100 });
  expect(rowCount).toBeLessThanOrEqual(10);
  expect([steps[0]?.sum, steps.at(-1)?.sum]).toEqual([40, null]);
});

test("of what cannot be added up no sum is taken, and a history without rows is one without values", async () => {
  const asked: Moment = { key: "a", time: 5 };
  const nothing = { count: 0, values: 0, sum: null, avg: null, min: null, max: null, last: null };
  const found = await lookUp([], [asked], { overMs: 10 });
  expect(found).toEqual([{ row: 0, "newest value": null, "newest name": null, ...nothing }]);
  const history = { files: [], columns: pastColumns.slice(3), key: "key", time: "time" };
  const wrong: PastLookup = {
    history,
    key: "who",
    columns: [],
    aggregates: [{ name: "total", function: "sum", of: "name", overMs: 1 }],
  };
  const output = given.path("never.parquet");
  await expect(
    given.tabular.pointInTime({
      inputs: [given.path("moments.parquet")],
      time: "at",
      keep: [],
      lookups: [wrong],
      output,
    }),
  ).rejects.toMatchObject({ code: "SQL_REFUSED", details: { column: "total" } });
});
