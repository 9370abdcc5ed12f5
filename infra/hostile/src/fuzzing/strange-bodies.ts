import fc from "fast-check";
import { goodOrigin, goodRow, goodX } from "../http/http-case.ts";
import { applyEdits, edits } from "./mutate.ts";

const pieces = [
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  '"',
  "null",
  "true",
  "-1",
  "0.5",
  "1e308",
  "1e999",
  "9007199254740993",
  '"__proto__":{},',
  '"rows":',
  '"ids":',
  '"shape":',
  '"data":',
  '"datatype":',
  "[[1]]",
  '"BYTES"',
  '"INT64"',
  "\\u0000",
  "\\ud800",
];

/** Values that stand where others are expected: of every type, and nested. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<fc.JsonValue>(1e308, -0, 2 ** 53, "", "NaN", "\u0000", "\ud800", "__proto__", null, [], {}),
);

/** A good value in which some members are exchanged, left out or joined by others. */
function exchanged(good: Readonly<Record<string, unknown>>) {
  const members = Object.entries(good).map(([name, value]) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([[name, value]]) },
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: anything.map((other) => [[name, other]]) },
    ),
  );
  const more = fc.array(fc.tuple(fc.string({ maxLength: 5 }), anything), { maxLength: 1 });
  return fc.tuple(...members, more).map((lists) => Object.fromEntries(lists.flat()));
}

const rows = fc.array(fc.oneof(exchanged(goodRow), anything), { maxLength: 3 });
const tensors = fc.array(fc.oneof(exchanged(goodX), exchanged(goodOrigin), anything), { maxLength: 3 });

const mutated = (good: unknown) => edits(pieces).map((list) => applyEdits(JSON.stringify(good), list));

export const strangePrediction: fc.Arbitrary<string> = fc.oneof(
  rows.map((list) => JSON.stringify(list)),
  exchanged({ rows: [goodRow], ids: ["a"] }).map((body) => JSON.stringify(body)),
  anything.map((body) => JSON.stringify(body)),
  mutated({ rows: [goodRow, goodRow], ids: ["a", "b"] }),
);

export const strangeInference: fc.Arbitrary<string> = fc.oneof(
  tensors.map((inputs) => JSON.stringify({ inputs })),
  exchanged({ id: "1", inputs: [goodX, goodOrigin], outputs: [{ name: "prediction" }] }).map((body) =>
    JSON.stringify(body),
  ),
  anything.map((body) => JSON.stringify(body)),
  mutated({ inputs: [goodX, goodOrigin], outputs: [{ name: "prediction" }] }),
);
