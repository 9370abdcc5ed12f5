import { type Column, DatasetIngestedV1, maxEventBytes } from "@cascade/contracts";
import { expect, test } from "vitest";
import { checkDescription } from "./description.ts";

const columns = (count: number, character: string): Column[] =>
  Array.from({ length: count }, (_, index) => ({
    name: character.repeat(124 / character.length) + String(index).padStart(4, "0"),
    type: "timestamp",
  }));
const files = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ uri: `/${"d".repeat(250)}/${index}`, sizeBytes: 2 ** 40 }));

test("what is accepted fits into an event with the longest rest that it can have", () => {
  const description = { columns: columns(900, "c"), files: files(340) };
  checkDescription(description);
  const rest = {
    ...DatasetIngestedV1.example,
    rowCount: Number.MAX_SAFE_INTEGER,
    batch: "\u{1F695}".repeat(100),
  };
  expect(Buffer.byteLength(JSON.stringify({ ...rest, ...description }))).toBeLessThan(maxEventBytes);
});

test.each([
  ["columns", { columns: columns(2000, "c"), files: files(1) }],
  ["columns in letters of several bytes", { columns: columns(700, "列"), files: files(1) }],
  ["files", { columns: columns(1, "c"), files: files(1000) }],
])("too many %s are refused with advice", (_what, description) => {
  expect(() => checkDescription(description)).toThrow(
    expect.objectContaining({
      code: "DESCRIPTION_TOO_LARGE",
      again: false,
      message: expect.stringContaining(String(maxEventBytes)),
      whatToDo: expect.stringContaining("fewer"),
    }),
  );
});
