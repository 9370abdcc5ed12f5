import { expect, test } from "vitest";
import { demandsOf } from "../testing/test-pipeline.ts";
import { comparedColumns, judgeDistributions, type Sample } from "./distributions.ts";

const of = (distributions: object[]) => demandsOf({ distributions });
const sample = (shift: number, size = 1000): Sample => ({
  rowCount: size,
  columns: {
    tip: Float64Array.from({ length: size }, (_, i) => (i % 100) + shift),
    city: Array.from({ length: size }, (_, i) => (i % 10 < shift ? "Oslo" : "Rome")),
  },
});
const told = (distribution: object, current: Sample) =>
  judgeDistributions(of([distribution]), sample(0), current).map(({ verdict, message }) => [
    verdict,
    message,
  ]);

test.each([
  ["psi", 0],
  ["jensen-shannon", 0],
  ["wasserstein", 0],
  ["kolmogorov-smirnov", 1],
  ["chi-square", 1],
])("%s: what is spread alike is met, what is not is a warning that says how far it is", (name, same) => {
  const column = name === "chi-square" ? "city" : "tip";
  expect(told({ column, test: name }, sample(0))[0]?.[0]).toBe("met");
  const [[verdict, message] = []] = told({ column, test: name }, sample(9));
  expect(verdict).toBe("warning");
  expect(message).toContain(`"${column}" is spread unlike in the first accepted batch: ${name} is `);
  expect(message).toContain(same === 1 ? "with a p value of" : ", allowed is ");
});

test("a threshold and a severity of one's own count", () => {
  expect(told({ column: "tip", threshold: 100 }, sample(9))[0]?.[0]).toBe("met");
  expect(told({ column: "tip", severity: "error" }, sample(50))[0]?.[0]).toBe("violation");
});

test("small batches, missing columns and columns of another type are not compared", () => {
  expect(told({ column: "tip" }, sample(9, 99))).toEqual([]);
  expect(told({ column: "tip", minRows: 99 }, sample(9, 99))).toHaveLength(1);
  expect(told({ column: "tip" }, { rowCount: 1000, columns: {} })).toEqual([]);
  expect(told({ column: "tip" }, { rowCount: 1000, columns: { tip: new Array(1000).fill("x") } })).toEqual(
    [],
  );
});

test("each column is sampled once", () => {
  expect(
    comparedColumns(of([{ column: "tip" }, { column: "tip", test: "wasserstein" }, { column: "city" }])),
  ).toEqual(["tip", "city"]);
  expect(comparedColumns(demandsOf())).toEqual([]);
});
