import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { crashPoints } from "@cascade/messaging";
import { expect, test } from "vitest";
import { faultKinds } from "./faults/kinds.ts";

const root = new URL("../../../", import.meta.url);
const text = await readFile(new URL("../CATALOGUE.md", import.meta.url), "utf8");
const rows = text.split("\n").filter((line) => /^\| \d/.test(line));

test("the catalogue has a row for each fault, in order", () => {
  const numbers = rows.map((row) => Number(row.split("|")[1]));
  expect(numbers).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
});

test("it names only tests and faults that exist, and says why where it names none", async () => {
  const known = new Set<string>([...faultKinds, ...crashPoints]);
  for (const row of rows) {
    const shownBy = row.split("|")[4] ?? "";
    const names = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    const claims = names.filter((name) => !name.startsWith("--"));
    if (claims.length === 0) expect(shownBy).toContain("not tried");
    for (const name of claims) {
      if (!name.includes("/")) expect(known, row).toContain(name);
      else await expect(readFile(fileURLToPath(new URL(name, root))), row).resolves.toBeDefined();
    }
  }
});
