import { describe, expect, test } from "vitest";
import { good, problemsOf } from "./good-file.ts";
import { readPipelineFile } from "./read-pipeline-file.ts";

describe("YAML", () => {
  test.each([
    ["a tab", "data:\n\tlabel: x", "2:1 : a tab cannot indent a line in YAML: use spaces"],
    [
      "a key that is there twice",
      good.replace("  view:", "  view: a\n  view:"),
      '8:3 features.view: "view" is there twice: keep one of the two',
    ],
    [
      "a second document",
      `${good}---\na: 1`,
      "17:1 : a second document begins here: a file declares one pipeline",
    ],
    [
      "a tag",
      good.replace("label: delayed", "label: !secret delayed"),
      "5:10 : tags such as !name are not understood in a pipeline file",
    ],
    [
      "a tag of YAML itself",
      good.replace("label: delayed", "label: !!omap [a: 1]"),
      "5:10 : tags such as !name are not understood in a pipeline file",
    ],
    [
      "a control character",
      good.replace("label: delayed", "label: delayed # a\u0000b"),
      "5:21 : a control character cannot stand in a pipeline file: remove it",
    ],
    [
      "a zero by an escape",
      good.replace("label: delayed", 'label: "a\\0b"'),
      "5:10 data.label: a text cannot hold a zero character, nor half of a surrogate pair",
    ],
    [
      "half of a character by an escape in a name",
      good.replace("label: delayed", 'label: delayed\n  "\\ud800": 1'),
      "6:3 data: a text cannot hold a zero character, nor half of a surrogate pair",
    ],
    [
      "an alias of nothing",
      good.replace("label: delayed", "label: *x"),
      "5:10 data.label: the alias *x names no anchor that was set before it",
    ],
    ["a list", "- a", '1:1 : a pipeline file is a mapping that begins with "pipeline: <name>", not a list'],
    [
      "nothing",
      "# nothing",
      '1:1 : a pipeline file is a mapping that begins with "pipeline: <name>", not empty',
    ],
    ["a key that is a list", `? [a]\n: 1\n${good}`, "1:3 : a key must be a plain word"],
    [
      "a key that would change every object",
      `__proto__: {a: 1}\n${good}`,
      '1:1 : "__proto__" cannot be a name',
    ],
  ])("%s is told with its place", (_, text, expected) => {
    expect(problemsOf(text)).toContain(expected);
    expect(Reflect.get({}, "a")).toBeUndefined();
  });

  test("an anchor and its alias share a value", () => {
    const text = good.replace("min: 0.6}", "min: &least 0.6}\n    - {metric: accuracy, min: *least}");
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("a hostile file is refused with a reason", () => {
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  test.each([
    ["brackets without end", "[".repeat(190_000), "nested deeper than 32 levels"],
    ["lists without end", "- ".repeat(95_000), "nested deeper than 32 levels"],
    ["keys without end", "? ".repeat(95_000), "nested deeper than 32 levels"],
    ["too many anchors", lines(15_000, (i) => `a${i}: &x 1`), "more than 100 anchors"],
    ["too many aliases", `a: &x 1\n${lines(15_000, (i) => `a${i}: *x`)}`, "more than 1000 aliases"],
    [
      "aliases of aliases of aliases",
      `a0: &x0 [1]\n${lines(12, (i) => `a${i + 1}: &x${i + 1} [${"*x".concat(String(i), ",").repeat(8)}]`)}`,
      "the aliases in this file expand to too much",
    ],
    ["an alias of itself", "a: &a [*a]", "the alias *a names no anchor"],
    ["too many characters", "a".repeat(200_001), "at most 200000 are read"],
  ])("%s", (_, text, expected) => {
    expect(problemsOf(text).join("\n")).toContain(expected);
  });

  test("of many problems the first are listed and the rest is counted", () => {
    const problems = problemsOf(lines(15_000, (i) => `key${i}: 1`));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatch(/and 149\d\d further problems/);
  });

  test("what is listed fits into an event, however long the names are", () => {
    const text = lines(150, (i) => `"${i}${"ü".repeat(1000)}": 1`);
    const file = readPipelineFile(text, "flights");
    expect(Buffer.byteLength(JSON.stringify(file))).toBeLessThan(160_000);
    expect(JSON.stringify(file)).toContain("further problems after this one");
  });

  test("a specification that grows by its aliases beyond an event is refused", () => {
    const text = `${good.replace("task: binary", `task: binary\n  parameters: {a: &long ${"x".repeat(3000)}, ${Array.from({ length: 90 }, (_, i) => `b${i}: *long`).join(", ")}}`)}`;
    expect(problemsOf(text).join()).toMatch(/the specification has \d+ bytes in full; at most 200000/);
  });

  test("long values are cut in messages", () => {
    for (const problem of problemsOf(good.replace("task: binary", `task: ${"x".repeat(100_000)}`))) {
      expect(problem.length).toBeLessThan(300);
    }
  });
});
