import { expect, test } from "vitest";
import type { Answers } from "../domain/answers.ts";
import { batchRequests } from "./batch-requests.ts";

const features = [{ name: "x", sql: "x", kind: "number" as const }];

/** Doubles, and refuses rows of 13; notes how many rows each run had. */
function doubling(rowsMax: number) {
  const runs: number[] = [];
  const infer = batchRequests({
    features,
    rowsMax,
    run: async ({ x }, rowCount): Promise<Answers> => {
      runs.push(rowCount);
      const values = Float64Array.from(x ?? [], Number);
      if (values.includes(13)) throw new Error("unlucky");
      return { kind: "numbers", predictions: values.map((value) => 2 * value) };
    },
  });
  const ask = async (...values: number[]) => {
    const answers = await infer({ rowCount: values.length, columns: [values] });
    return answers.kind === "numbers" ? [...answers.predictions] : [];
  };
  return { ask, runs };
}

test("what is asked in one turn of the event loop is one run, and each gets its own answers", async () => {
  const { ask, runs } = doubling(100);
  expect(await Promise.all([ask(1), ask(2, 3), ask(4)])).toEqual([[2], [4, 6], [8]]);
  expect(runs).toEqual([4]);
});

test("a run has no more rows than allowed, unless one request has", async () => {
  const { ask, runs } = doubling(3);
  await Promise.all([ask(1, 2), ask(3, 4), ask(5), ask(1, 2, 3, 4, 5)]);
  expect(runs).toEqual([2, 3, 5]);
});

test("a request that fails does not take along those that ran with it", async () => {
  const { ask } = doubling(100);
  const results = await Promise.allSettled([ask(1), ask(13), ask(2)]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
