import { describe, expect, test } from "vitest";
import type { Column } from "../types.ts";
import { detectDialect } from "./csv-dialect.ts";

const declared: readonly Column[] = [
  { name: "at", type: "timestamp" },
  { name: "city", type: "string" },
  { name: "tip", type: "number" },
];

describe("the delimiter", () => {
  test.each([
    ["a comma", "at,city,tip\n2026-01-01,Oslo,1\n", ","],
    ["a semicolon", "at;city;tip\n2026-01-01;Oslo;1\n", ";"],
    ["a tab", "at\tcity\ttip\n2026-01-01\tOslo\t1\n", "\t"],
    ["a vertical bar", "at|city|tip\n2026-01-01|Oslo|1\n", "|"],
    ["a semicolon where numbers have commas", "at;city;tip\n2026-01-01;Oslo;1,5\n2026-01-02;Rome;2,5\n", ";"],
    ["the one outside of quotes", '"at","city","tip"\n2026-01-01,"a;b;c;d",1\n', ","],
    ["a semicolon after a byte order mark", "\uFEFFat;city;tip\n2026-01-01;Oslo;1\n", ";"],
    [
      "a semicolon, although a later line is ragged",
      "at;city;tip\n2026-01-01;Oslo;1\n2026-01-01;Oslo\n",
      ";",
    ],
    ["a comma in a file of one column", "note\nhello; world\na|b\n", ","],
  ])("is %s", (_, sample, delimiter) => {
    expect(detectDialect(sample, {}, declared)).toMatchObject({ delimiter, header: true });
  });

  test("shows declared names before it gives even lines", () => {
    const sample = "at,extra;city;tip\n2026-01-01,1;Oslo;1\n";
    expect(detectDialect(sample, {}, declared).delimiter).toBe(";");
    expect(detectDialect("a,b;c,d\n1,2;3,4\n", {}, []).delimiter).toBe(",");
  });

  test("is the one that is stated, whatever the file looks like", () => {
    expect(detectDialect("at;city;tip\n", { delimiter: "," }, declared).delimiter).toBe(",");
  });
});

describe("the quote", () => {
  test("is single where the file begins with one and has no double ones", () => {
    const sample = "'at','city','tip'\n'2026-01-01','a,b','1'\n";
    expect(detectDialect(sample, {}, declared)).toEqual({ delimiter: ",", quote: "'", header: true });
  });

  test("is double where an apostrophe stands in the text", () => {
    expect(detectDialect("at,city,tip\n2026-01-01,L'Aquila,1\n", {}, declared).quote).toBe('"');
    expect(detectDialect("'at','city','tip'\n", { quote: '"' }, declared).quote).toBe('"');
  });
});

describe("the header", () => {
  test.each([
    ["is missing where the first line fits the declared types", "2026-01-01,Oslo,1\n", false],
    ["is missing also where a value is missing", "2026-01-01,Oslo,\n", false],
    ["is there where a name is declared", "2026-01-01,Oslo,tip\n", true],
    ["is there where a field is not of its type", "when,town,amount\n", true],
    ["is there where the number of fields is another", "2026-01-01,Oslo\n", true],
    ["is there where no field could tell", ",Oslo,\n", true],
  ])("%s", (_, sample, header) => {
    expect(detectDialect(sample, {}, declared).header).toBe(header);
  });

  test("is what is stated", () => {
    expect(detectDialect("2026-01-01,Oslo,1\n", { header: true }, declared).header).toBe(true);
    expect(detectDialect("at,city,tip\n", { header: false }, declared).header).toBe(false);
  });
});
