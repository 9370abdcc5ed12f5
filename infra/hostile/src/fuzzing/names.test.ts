import { eventDefinitions, isPipelineName, subjectOf } from "@cascade/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

const characters = fc.oneof(
  fc.constantFrom(
    "*",
    ">",
    ".",
    " ",
    "$",
    "/",
    "\\",
    "%",
    "\r\n",
    "\t",
    "\u0000",
    "\u200b",
    "\u202e",
    "A",
    "а",
    "ａ",
    "_",
    "-",
  ),
  fc.string({ unit: "binary", maxLength: 1 }),
  fc.constantFrom(..."abcxyz0189-"),
);
const names = fc.oneof(
  fc.array(characters, { maxLength: 70 }).map((list) => list.join("")),
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/),
  fc.nat({ max: 6000 }).map((length) => "a".repeat(length)),
);

test("what becomes a subject has the tokens of its type and one more, without wildcards, blanks or dots", () => {
  fc.assert(
    fc.property(fc.constantFrom(...eventDefinitions), names, (definition, name) => {
      if (!isPipelineName(name)) {
        expect(() => subjectOf(definition, name)).toThrow(RangeError);
        return;
      }
      const subject = subjectOf(definition, name);
      expect(subject).toMatch(/^cascade(\.[a-z0-9-]+){3}\.[a-z0-9][a-z0-9-]*$/);
      expect(subject.split(".")).toEqual([...definition.type.split("."), name]);
      expect(subject.length).toBeLessThan(200);
    }),
    { numRuns: 5000 },
  );
});
