import { PipelineSpec } from "@cascade/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fullFile } from "../pipeline-files/full-file.ts";
import { applyEdits, edits } from "./mutate.ts";

interface FileModule {
  readPipelineFile(
    text: string,
    submittedAs: string,
  ):
    | { readonly status: "valid"; readonly spec: unknown }
    | {
        readonly status: "refused";
        readonly problems: readonly {
          readonly line: number;
          readonly column: number;
          readonly message: string;
        }[];
      };
}

const place = "../../../../services/registry/src/domain/pipeline-file/read-pipeline-file.ts";
const { readPipelineFile }: FileModule = await import(new URL(place, import.meta.url).href);

const pieces = [
  ": ",
  "- ",
  "? ",
  "{",
  "}",
  "[",
  "]",
  ",",
  '"',
  "'",
  "|\n",
  ">\n",
  "&a ",
  "*a",
  "!!omap ",
  "!x ",
  "<<: ",
  "---\n",
  "...\n",
  "%YAML 9\n",
  "\t",
  "\n",
  "\r",
  "\n  ",
  "#",
  "\u0000",
  "\ufeff",
  "__proto__: ",
  "constructor: ",
  "null",
  "~",
  ".nan",
  "1e999",
  "0x1f",
  "yes",
  "[[[[[[[[",
];
const eventBytesMax = 256 * 1024;

test("a good file with some changes is a pipeline, or has problems with their places", () => {
  const good = fullFile("flights");
  let valid = 0;
  fc.assert(
    fc.property(edits(pieces), (list) => {
      const text = applyEdits(good, list);
      const file = readPipelineFile(text, "flights");
      if (file.status === "valid") {
        valid += 1;
        expect(PipelineSpec.parse(file.spec)).toEqual(file.spec);
        return;
      }
      const lineCount = text.split("\n").length;
      expect(file.problems.length).toBeGreaterThan(0);
      for (const { line, column, message } of file.problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lineCount);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe("");
      }
      expect(Buffer.byteLength(JSON.stringify(file))).toBeLessThan(eventBytesMax);
    }),
    { numRuns: 300 },
  );
  // Else the changes would be too coarse to find anything behind the parser.
  expect(valid).toBeGreaterThan(0);
  expect(Object.prototype).not.toHaveProperty("polluted");
});
