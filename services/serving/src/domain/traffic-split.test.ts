import { expect, test } from "vitest";
import { chooseByWeight } from "./traffic-split.ts";

const versions = [
  { name: "a", weightPercent: 70 },
  { name: "b", weightPercent: 25 },
  { name: "c", weightPercent: 5 },
  { name: "d", weightPercent: 0 },
];

test.each([
  ["counted", (index: number) => String(index)],
  ["neighbouring", (index: number) => `0199a4c0-7f30-7000-8000-${index.toString(16).padStart(12, "0")}`],
])("%s keys are split by the weights", (_, keyOf) => {
  const counts: Record<string, number> = { a: 0, b: 0, c: 0, d: 0 };
  for (let index = 0; index < 100_000; index++) {
    const chosen = chooseByWeight(versions, keyOf(index))?.name ?? "none";
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  expect(counts.a).toBeCloseTo(70_000, -3);
  expect(counts.b).toBeCloseTo(25_000, -3);
  expect(counts.c).toBeCloseTo(5000, -3);
  expect(counts.d).toBe(0);
});

test("the same key always goes to the same version", () => {
  const choices = Array.from({ length: 10 }, () => chooseByWeight(versions, "customer-7"));
  expect(new Set(choices).size).toBe(1);
});

test("weights that do not add up to 100 are shares of what they add up to", () => {
  const halves = [{ weightPercent: 10 }, { weightPercent: 10 }];
  const first = Array.from(
    { length: 10_000 },
    (_, index) => chooseByWeight(halves, String(index)) === halves[0],
  );
  expect(first.filter(Boolean).length).toBeCloseTo(5000, -3);
  expect(chooseByWeight([{ weightPercent: 0 }], "key")).toBeUndefined();
  expect(chooseByWeight([], "key")).toBeUndefined();
});
