import { access, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { surfaces } from "./corpus.ts";

const entriesMin = 2000;
const root = new URL("../../../", import.meta.url);
const catalogue = await readFile(new URL("../CATALOGUE.md", import.meta.url), "utf8");
const rows = catalogue.split("\n").filter((line) => /^\| \d/.test(line));
const cellsOf = (row: string) => row.split("|").map((cell) => cell.trim());
const claimsOf = (row: string) =>
  [...(cellsOf(row)[5] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

test(`the corpus has at least ${entriesMin} inputs, each of a name of its own`, () => {
  expect(surfaces.flatMap(({ entries }) => entries).length).toBeGreaterThanOrEqual(entriesMin);
  expect(new Set(surfaces.map(({ name }) => name)).size).toBe(surfaces.length);
  for (const { name, entries } of surfaces) {
    const names = entries.map((entry) => entry.name);
    expect(
      names.filter((one, index) => names.indexOf(one) !== index),
      name,
    ).toEqual([]);
  }
});

test("the catalogue has each kind of hostile input, in order", () => {
  const numbers = rows.map((row) => Number(cellsOf(row)[1]));
  expect(numbers).toEqual(Array.from({ length: 54 }, (_, index) => index + 1));
});

test("it names the surfaces that have inputs of a kind, no others, and says why where it names none", async () => {
  for (const [index, row] of rows.entries()) {
    const claims = claimsOf(row);
    if (claims.length === 0) expect(row).toContain("not tried");
    const having = surfaces.filter(({ entries }) => entries.some((entry) => entry.row === index + 1));
    const named = claims.filter((claim) => !claim.includes("/"));
    expect(named.toSorted(), row).toEqual(having.map(({ name }) => name).toSorted());
    for (const path of claims.filter((claim) => claim.includes("/"))) await access(new URL(path, root));
  }
});

test("each surface has its test beside it", async () => {
  for (const surface of surfaces) await access(new URL(surface.test, root));
});
