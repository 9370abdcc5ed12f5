import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTexts } from "./text-values.ts";

test("texts have the order of their UTF-8 bytes", () => {
  const text = fc.string({ unit: "binary", maxLength: 8 });
  const character = fc.constantFrom("a", "b", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{1f695}");
  const close = fc.array(character, { maxLength: 4 }).map((characters) => characters.join(""));
  fc.assert(
    fc.property(fc.oneof(text, close), fc.oneof(text, close), (a, b) => {
      expect(Math.sign(compareTexts(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
});
