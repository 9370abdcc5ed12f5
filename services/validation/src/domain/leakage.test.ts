import { expect, test } from "vitest";
import { demandsOf } from "../testing/test-pipeline.ts";
import type { Sample } from "./distributions.ts";
import { judgeLeakage, suspectedColumns } from "./leakage.ts";

const size = 500;
const tip = Float64Array.from({ length: size }, (_, i) => (i * 7919) % 101);
const sample: Sample = {
  rowCount: size,
  columns: {
    tip,
    id: tip.map((value) => value * 2),
    city: Array.from({ length: size }, (_, i) => ["Oslo", "Rome"][i % 2] ?? ""),
  },
};
const unmet = (leakage?: object | null, given = sample) =>
  judgeLeakage(demandsOf(leakage === undefined ? {} : { leakage }), given)
    .filter(({ verdict }) => verdict !== "met")
    .map(({ verdict, message }) => [verdict, message]);

test("a column from which the label follows is a warning, without being asked for", () => {
  expect(unmet()).toEqual([
    [
      "warning",
      expect.stringMatching(/^"id" alone explains 99\.\d+ % of the label "tip", allowed is 90 %: it may/),
    ],
  ]);
  expect(unmet({ severity: "error" })[0]?.[0]).toBe("violation");
});

test("it may be ignored, and nothing need be looked for", () => {
  expect(unmet({ ignore: ["id"] })).toEqual([]);
  expect(unmet(null)).toEqual([]);
  expect(suspectedColumns(demandsOf({ leakage: { ignore: ["id"] } }))).toEqual(["city"]);
});

test("few rows and columns that are not there tell nothing", () => {
  expect(unmet({ minRows: 501 })).toEqual([]);
  expect(unmet({}, { ...sample, columns: { tip } })).toEqual([]);
  expect(unmet({}, { ...sample, columns: { id: tip } })).toEqual([]);
});

test("the classes of a label are explained as classes, though they are numbers", () => {
  const late = tip.map((value) => Number(value > 50));
  const binary = { rowCount: size, columns: { tip: late, id: tip } };
  const found = judgeLeakage(demandsOf({}, { task: "binary" }), binary);
  expect(found.map(({ verdict }) => verdict)).toEqual(["warning"]);
});
