import { expect, test } from "vitest";
import { isExported } from "./exported-rows.ts";

test.each([
  ["id,note,_reasons", true],
  ['\uFEFFid;"note";"_reasons"\r', true],
  ["_reasons\tid", true],
  ["id,note", false],
  ["id,my_reasons,_reasons_2", false],
  ["", false],
])("a header of %j: exported is %j", (header, exported) => {
  expect(isExported(header)).toBe(exported);
});
