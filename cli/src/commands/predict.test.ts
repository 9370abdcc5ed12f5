import { expect, test } from "vitest";
import { reasonIn } from "./predict.ts";

const error = (row: number) => ({ row, column: "a", message: `value ${row} is wrong` });

test("each value that is refused is told, and how many there are beyond those", () => {
  expect(reasonIn({ detail: "1 value", errors: [error(0)] })).toBe("1 value");
  expect(reasonIn({ detail: "2 values", errors: [error(0), error(3)] })).toBe(
    "2 values\n  row 0: value 0 is wrong\n  row 3: value 3 is wrong",
  );
  const many = Array.from({ length: 25 }, (_, row) => error(row));
  expect(reasonIn({ detail: "25 values", errors: many })).toMatch(/row 19: .*\n {2}and 5 more$/);
});

test("an answer of another form is shown as it is", () => {
  expect(reasonIn({ error: "x" })).toBe('{"error":"x"}');
});
