import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ForTests, openForTests } from "./testing/open-for-tests.ts";
import type { FileFormat } from "./types.ts";

let given: ForTests;
let quarantined: string;
const columns = [
  { name: "id", type: "integer" },
  { name: "note", type: "string", nullable: true },
  { name: "at", type: "timestamp", nullable: true },
  { name: "x", type: "number", nullable: true },
] as const;

beforeAll(async () => {
  given = await openForTests();
  const source = await given.file(
    "source.csv",
    'id,note,at,x\n9223372036854775807,=1+1,2026-01-01T10:00:00.123456Z,nan\n2,"a,""b""",,inf\n3,-x,1999-12-31,0.1\n',
  );
  const path = given.path("source.parquet");
  const limits = { rows: 10, columns: 10, bytes: 10_000 };
  await given.tabular.toParquet({ files: [{ path: source, format: "csv" }], columns, output: path, limits });
  quarantined = given.path("quarantined.parquet");
  const expectations = [{ kind: "range", column: "id", max: 0 }] as const;
  await given.tabular.check({ path, expectations, quarantined });
});
afterAll(() => given.close());

async function exported(format: FileFormat, guardFormulas?: boolean) {
  const output = given.path(`out-${format}-${guardFormulas}`);
  const result = await given.tabular.exportRows({ path: quarantined, output, format, guardFormulas });
  return { output, result };
}
const reason = '"id" is out of range (at most 0)';

test("CSV keeps every digit, and says why each row is there", async () => {
  const { output, result } = await exported("csv");
  expect(await readFile(output, "utf8")).toBe(
    [
      "id,note,at,x,_reasons",
      `9223372036854775807,=1+1,2026-01-01T10:00:00.123456Z,nan,"${reason.replaceAll('"', '""')}"`,
      `2,"a,""b""",,inf,"${reason.replaceAll('"', '""')}"`,
      `3,-x,1999-12-31T00:00:00.000000Z,0.1,"${reason.replaceAll('"', '""')}"`,
      "",
    ].join("\n"),
  );
  expect(result).toMatchObject({ rowCount: 3, guardedCells: 0 });
});

test("CSV for spreadsheets has no formulas, and says how many cells were changed for it", async () => {
  const { output, result } = await exported("csv", true);
  expect(result.guardedCells).toBe(2);
  expect(await readFile(output, "utf8")).toMatch(/,'=1\+1,.*\n.*\n3,'-x,/);
});

test("JSON has no NaN and no infinities", async () => {
  const { output } = await exported("json-lines");
  const [first, second] = (await readFile(output, "utf8")).split("\n");
  expect(first).toContain('"id":9223372036854775807');
  expect(JSON.parse(second ?? "")).toEqual({ id: 2, note: 'a,"b"', at: null, x: null, _reasons: reason });
});

test.each(["csv", "parquet"] as const)("what was exported as %s is read as the same rows", async (format) => {
  const { output } = await exported(format);
  const again = given.path(`again-${format}.parquet`);
  await given.tabular.toParquet({
    files: [{ path: output, format }],
    columns,
    output: again,
    limits: { rows: 10, columns: 10, bytes: 10_000 },
  });
  const rows = (path: string) => given.tabular.readRows({ path, limit: 10 });
  const asTexts = (await rows(quarantined)).map((row) => ({ ...row, _reasons: reason }));
  expect(await rows(again)).toEqual(asTexts);
});
