import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";
import type { Column } from "./types.ts";

const columns: Column[] = [
  { name: "row", type: "integer" },
  { name: "at", type: "timestamp" },
  { name: "key", type: "string", nullable: true },
];
const dayMs = 86_400_000;
const day = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * dayMs).toISOString();
const thirds = { train: 0.6, validation: 0.2, holdout: 0.2 };

let given: ForTests;
beforeAll(async () => {
  given = await openForTests();
});
afterAll(() => given.close());

interface Row {
  readonly at: string;
  readonly key: string | null;
}
type SplitOptions = Partial<Parameters<ForTests["tabular"]["split"]>[0]>;

/** The rows of each part by their number; a split that is impossible has none. */
async function split(rows: readonly Row[], options: SplitOptions) {
  const input = given.path("input.parquet");
  await given.tabular.writeRows({
    rows: rows.map((row, index) => ({ row: index, ...row })),
    columns,
    output: input,
  });
  const outputs = {
    train: given.path("train.parquet"),
    validation: given.path("validation.parquet"),
    holdout: given.path("holdout.parquet"),
  };
  const args = { inputs: [input], eventTime: "at", fractions: thirds, seed: 1, ...options, outputs };
  await given.tabular.split(args);
  const numbers = async (path: string) =>
    (await given.tabular.readRows({ path, limit: 10_000 })).map(({ row }) => Number(row));
  return {
    train: await numbers(outputs.train),
    validation: await numbers(outputs.validation),
    holdout: await numbers(outputs.holdout),
  };
}

test("no key is on both sides of a split, no row in two parts, and no part is older than one before it", async () => {
  const row = fc.record({
    at: fc.integer({ min: 0, max: 40 }).map(day),
    key: fc.option(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), { freq: 8 }),
  });
  const window = fc.record(
    {
      rows: fc.integer({ min: 10, max: 80 }),
      durationMs: fc.integer({ min: 5, max: 50 }).map((days) => days * dayMs),
      halfLifeMs: fc.integer({ min: 1, max: 100 }).map((days) => days * dayMs),
    },
    { requiredKeys: [] },
  );
  let possible = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 10, maxLength: 80 }),
      fc.constantFrom("time" as const, "random" as const),
      window,
      fc.nat(1000),
      async (rows, by, chosen, seed) => {
        const parts = await split(rows, { by, key: "key", window: chosen, seed }).catch((error) => {
          if (error.code !== "SPLIT_IMPOSSIBLE") throw error;
          return undefined;
        });
        if (parts === undefined) return;
        possible += 1;
        const { train, validation, holdout } = parts;
        const all = [...train, ...validation, ...holdout];
        expect(new Set(all).size).toBe(all.length);
        const keys = [train, validation, holdout].map(
          (part) => new Set(part.flatMap((index) => rows[index]?.key ?? [])),
        );
        expect(keys.flatMap((own) => [...own])).toHaveLength(new Set(keys.flatMap((own) => [...own])).size);
        if (by === "random") return;
        const times = [train, validation, holdout].map((part) => part.map((index) => rows[index]?.at ?? ""));
        const [first = [], second = [], third = []] = times.map((part) => part.toSorted());
        expect((first.at(-1) ?? "") < (second[0] ?? "")).toBe(true);
        expect((second.at(-1) ?? "") < (third[0] ?? "")).toBe(true);
      },
    ),
    { numRuns: 16 },
  );
  expect(possible).toBeGreaterThan(2);
});

test("a window by age holds the rows that are less than that older than the newest one", async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ at: day(29 - index), key: null }));
  const { train, validation, holdout } = await split(rows, { window: { durationMs: 10 * dayMs } });
  expect([...holdout, ...validation, ...train].toSorted((a, b) => a - b)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(holdout).toEqual([0, 1]);
});

test("a half-life thins train by age, drawn by the seed, and leaves the newer parts whole", async () => {
  const rows = Array.from({ length: 4000 }, (_, index) => ({ at: day(index / 100), key: null }));
  const decay = (seed: number) => split(rows, { seed, window: { halfLifeMs: 10 * dayMs } });
  const { train, validation, holdout } = await decay(1);
  expect([validation.length, holdout.length]).toEqual([800, 800]);
  // Train ends at day 24, 16 days before the newest row.
  const kept = (from: number, to: number) =>
    train.filter((row) => row >= from * 100 && row < to * 100).length;
  expect(kept(20, 24) / 400).toBeCloseTo(0.5 ** 1.8, 1);
  expect(kept(0, 4) / 400).toBeCloseTo(0.5 ** 3.8, 1);
  expect(await decay(1)).toEqual({ train, validation, holdout });
  expect((await decay(2)).train).not.toEqual(train);
});

test("an age of something that is no point in time is refused", async () => {
  const refused = split([{ at: day(0), key: null }], { eventTime: "row", window: { durationMs: dayMs } });
  await expect(refused).rejects.toMatchObject({ code: "SPLIT_IMPOSSIBLE" });
});

test("of rows with one identity only the newest takes part, and of equally old ones the last", async () => {
  const rows = [
    { at: day(1), key: "a" },
    { at: day(3), key: "b" },
    { at: day(0), key: null },
    { at: day(2), key: "a" },
    { at: day(2), key: "b" },
    { at: day(2), key: "a" },
    { at: day(0), key: null },
    { at: day(4), key: "c" },
  ];
  const numbersOf = async (options: SplitOptions) => {
    const fractions = { train: 1, validation: 0, holdout: 0 };
    return (await split(rows, { fractions, identity: "key", ...options })).train;
  };
  expect(await numbersOf({})).toEqual([1, 2, 5, 6, 7]);
  // A window counts what takes part.
  expect(await numbersOf({ window: { rows: 3 } })).toEqual([1, 5, 7]);
  // Without an event time the one that came last is the newest.
  expect(await numbersOf({ eventTime: null })).toEqual([2, 4, 5, 6, 7]);
});
