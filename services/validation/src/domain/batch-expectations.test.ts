import { describe, expect, test } from "vitest";
import { demandsOf as demands } from "../testing/test-pipeline.ts";
import { column } from "../testing/test-profile.ts";
import { judgeBatch } from "./batch-expectations.ts";
import type { Demands } from "./demands.ts";

const now = new Date("2026-01-02T00:00:00Z");
const told = (of: Demands, ...columns: ReturnType<typeof column>[]) =>
  judgeBatch({ rowCount: 100, columns }, of, now)
    .filter(({ verdict }) => verdict !== "met")
    .map(({ verdict, message }) => [verdict, message]);

describe("the event time", () => {
  const columns = [{ name: "at", type: "timestamp" as const }];
  const fresh = (severity?: string) =>
    demands({ eventTime: { maxAgeSeconds: 3600, severity } }, { eventTime: "at", columns });
  const at = (max: string | null) => column("at", { type: "timestamp", max, distinct: 9 });

  test("may be as old as the file says, and no older", () => {
    expect(told(fresh(), at("2026-01-01T23:00:00.000Z"))).toEqual([]);
    expect(told(fresh(), at("2026-01-01T22:59:59.999Z"))).toEqual([
      [
        "violation",
        'The event time "at" is 2026-01-01T22:59:59.999Z at the newest, expected 2026-01-01T23:00:00.000Z or later.',
      ],
    ]);
    expect(told(fresh("warning"), at("2001-01-01T00:00:00.000Z"))[0]?.[0]).toBe("warning");
  });

  test("that is nowhere is not fresh", () => {
    expect(told(fresh(), at(null))[0]?.[1]).toContain("has no value, expected");
  });
});

describe("the balance of the label", () => {
  const classes = (...counts: number[]) =>
    column("tip", {
      distinct: counts.length,
      nulls: 100 - counts.reduce((sum, count) => sum + count, 0),
      topValues: counts.map((count, index) => ({ value: `c${index}`, count })),
    });
  const balanced = demands({ labelBalance: { minShare: 0.1, maxShare: 0.8 } }, { task: "multiclass" });

  test.each([
    ["is as declared", [40, 8, 2], [], 0],
    ["has a class that is too rare", [60, 30, 5], ['"c2" has 5.263 %, expected at least 10 %'], 1],
    ["has a class that is too frequent", [85, 15], ['"c0" has 85 %, allowed is 80 %'], 1],
    ["has one class alone", [100], ["there is only one class", "allowed is 80 %"], 1],
  ])("%s", (name, counts, parts, violations) => {
    // Shares are of the rows that have a label.
    const found = told(
      name === "is as declared"
        ? demands({ labelBalance: { minShare: 0.04 } }, { task: "multiclass" })
        : balanced,
      classes(...counts),
    );
    expect(found).toHaveLength(violations);
    for (const part of parts) expect(found[0]?.[1]).toContain(part);
  });

  test("with more classes than are counted one by one has a class that is too rare", () => {
    const many = column("tip", { distinct: 60, topValues: [{ value: "a", count: 50 }] });
    expect(told(balanced, many)[0]?.[1]).toContain('"another class" has 0 %');
  });
});

describe("a column that says nothing", () => {
  test("is a warning, whether it has one value or none", () => {
    const found = told(
      demands({}),
      column("id", { distinct: 1, topValues: [{ value: 7, count: 100 }] }),
      column("city", { distinct: 0, nulls: 100 }),
      column("undeclared", { distinct: 1 }),
    );
    expect(found).toEqual([
      ["warning", '"id" has no value but "7": no model can learn from it.'],
      ["warning", '"city" has no value in any row: no model can learn from it.'],
    ]);
  });

  test("is nothing to tell of a few rows, and a label without values is told elsewhere", () => {
    const constant = column("id", { distinct: 1 });
    expect(judgeBatch({ rowCount: 19, columns: [constant] }, demands({}), now)).toEqual([]);
    expect(told(demands({}), column("tip", { distinct: 0, nulls: 100 }))).toEqual([]);
  });
});
