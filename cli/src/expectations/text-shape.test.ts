import { expect, test } from "vitest";
import { commonPattern } from "./text-shape.ts";

test.each([
  [["AB-12", "CD-345"], "[A-Z]{2}-[0-9]{2,3}"],
  [["a.b", "c.d"], "[a-z]\\.[a-z]"],
  [["N1", "n1"], undefined],
  [["", ""], undefined],
  [[], undefined],
  [["x".repeat(65)], undefined],
  [["a1b2c3d4e5f6g7"], undefined],
])("%j are built as %s", (texts, pattern) => {
  expect(commonPattern(texts)).toBe(pattern);
});

test.each([
  [["AB-12", "CD-345"]],
  [["(x)+[1]", "(y)+[22]"]],
  [["^a$", "^bc$"]],
  [["a|b", "c|d"]],
  [["é1", "é22"]],
])("the pattern of %j matches them", (texts) => {
  const pattern = commonPattern(texts);
  for (const text of texts) expect(text).toMatch(new RegExp(`^(?:${pattern})$`, "u"));
});
