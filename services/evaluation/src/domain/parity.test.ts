import { describe, expect, test } from "vitest";
import { judgeParity } from "./parity.ts";

const answers = {
  kind: "classes",
  width: 2,
  shares: Float64Array.of(0.25, 0.75, 0.5, 0.5),
  labels: Int32Array.of(1, 0),
} as const;
const rows = [{ x: 1 }, { x: 2 }];
const verdict = (predictions: number[][]) => judgeParity({ rows, predictions }, answers);

describe("the model's answers against its trainer's", () => {
  test("pass where they agree to four digits", () => {
    expect(
      verdict([
        [0.25, 0.75],
        [0.50009, 0.49991],
      ]).passed,
    ).toBe(true);
  });

  test("fail where one row differs, and name it", () => {
    expect(
      verdict([
        [0.25, 0.75],
        [0.502, 0.498],
      ]),
    ).toMatchObject({
      passed: false,
      detail: expect.stringContaining("row 1"),
    });
  });

  test("may be the share of class 1 alone", () => {
    expect(verdict([[0.75], [0.5]]).passed).toBe(true);
    expect(verdict([[0.25], [0.5]]).passed).toBe(false);
  });

  test("fail where the trainer gives another count of numbers", () => {
    expect(
      verdict([
        [0.2, 0.3, 0.5],
        [0.2, 0.3, 0.5],
      ]).passed,
    ).toBe(false);
  });

  test("fail where the model could not answer", () => {
    expect(judgeParity({ rows, predictions: [[1], [1]] }, "it hangs")).toMatchObject({
      passed: false,
      detail: expect.stringContaining("it hangs"),
    });
  });

  test("pass where the trainer wrote none, and say so", () => {
    expect(judgeParity(undefined, undefined)).toMatchObject({
      passed: true,
      detail: expect.stringContaining("no sample"),
    });
  });

  test("of large numbers are held to the digits that single precision has", () => {
    const numbers = { kind: "numbers", predictions: Float64Array.of(1_000_010) } as const;
    const one = { rows: [{ x: 1 }], predictions: [[1_000_000]] };
    expect(judgeParity(one, numbers).passed).toBe(true);
    expect(judgeParity({ ...one, predictions: [[1_001_000]] }, numbers).passed).toBe(false);
  });
});
