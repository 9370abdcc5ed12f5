import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ModelSandbox, OnnxError, openModelSandbox } from "@cascade/onnx";
import { doublingModel, endlessModel } from "@cascade/onnx/testing";
import { SandboxError } from "@cascade/sandbox";
import type { JsonRow } from "@cascade/tabular";
import { type TemporaryDirectory, temporaryDirectory } from "@cascade/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forgeParquet } from "../tables/forge-parquet.ts";
import { openTables, type Tables } from "../tables/open-tables.ts";
import { damaged } from "./mutations.ts";

// The same inputs in each run, so that a failure is one of this change. Another seed, and more runs, find new ones.
const seed = Number(process.env.CASCADE_HOSTILE_SEED ?? 1);
const numRuns = Number(process.env.CASCADE_HOSTILE_RUNS ?? 40);

let tables: Tables;
let sandbox: ModelSandbox;
let folder: TemporaryDirectory;
beforeAll(async () => {
  tables = await openTables();
  folder = await temporaryDirectory();
  sandbox = openModelSandbox({ processes: 1, memoryLimitMiB: 700, timeoutMs: 30_000 });
});
afterAll(async () => {
  await tables?.[Symbol.asyncDispose]();
  await sandbox?.close();
  await folder?.[Symbol.asyncDispose]();
});

const csv = Buffer.from(
  'id,name,amount,at\n1,"Ada, ""A.""",1.5,2020-01-01\n2,Bö,-3,2020-02-29T10:00Z\n3,,1e9,\n',
);
const jsonLines = Buffer.from('{"id":1,"name":"Ada","ok":true}\n{"id":2,"name":"B\\u00f6","amount":1.5}\n');
const parquet = forgeParquet({ rowGroups: [3, 4, 5], value: "some value" });

// A refusal without a code of ours, a process that ends, or an output that is left behind fails these.
test.each([
  ["csv", csv],
  ["json-lines", jsonLines],
  ["parquet", parquet],
] as const)("a damaged file of %s is refused with a code or read", async (format, healthy) => {
  await fc.assert(
    fc.asyncProperty(damaged(healthy), async (content) => {
      const answer = await tables.read({ content }, format);
      if ("refused" in answer) expect(answer.refused).not.toBe("UNEXPECTED");
      else expect(answer.rows).toBeInstanceOf(Array);
    }),
    { numRuns, seed },
  );
  expect(await tables.leftovers()).toEqual([]);
});

test("a damaged model is refused with a code or answers", async () => {
  const modelPath = join(folder.path, "model.onnx");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(doublingModel(), endlessModel()).chain(damaged), async (bytes) => {
      await writeFile(modelPath, bytes);
      try {
        await sandbox.run({ modelPath, columns: { x: [1, 2] }, rowCount: 2 }, { timeoutMs: 2_000 });
      } catch (error) {
        expect(error).toSatisfy((found) => found instanceof OnnxError || found instanceof SandboxError);
      }
    }),
    { numRuns: numRuns * 2, seed },
  );
});

const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    '"',
    ",",
    "\n",
    "\r\n",
    "'",
    ";",
    "=1+1",
    "\\",
    "NULL",
    "NaN",
    "1e999",
    "007",
    "\uFEFF",
    "1_000",
  ),
);
/** Texts that are no value ("") or that no CSV file holds apart from one (a byte order mark at its beginning). */
const kept = (text: string) => text !== "" && !text.startsWith("\uFEFF") && text.isWellFormed();
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

test("random texts come out of CSV as they went in", async () => {
  const table = fc.array(fc.array(cell.filter(kept), { minLength: 3, maxLength: 3 }), {
    minLength: 1,
    maxLength: 10,
  });
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), async (rows, lineEnd) => {
      const names = ["a", "b", "c"];
      const columns = names.map((name) => ({ name, type: "string" as const, nullable: true }));
      const content = [names, ...rows].map((row) => row.map(quoted).join(",")).join(lineEnd);
      const wanted = rows.map(
        (row): JsonRow => ({ a: row[0] ?? null, b: row[1] ?? null, c: row[2] ?? null }),
      );
      expect(await tables.read({ content, columns }, "csv")).toEqual({ rows: wanted });
    }),
    { numRuns, seed },
  );
});

test("random numbers come out of CSV as they went in", async () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 10 }), async (numbers) => {
      const content = `v\n${numbers.map(String).join("\n")}\n`;
      const columns = [{ name: "v", type: "number" as const }];
      expect(await tables.read({ content, columns }, "csv")).toEqual({
        rows: numbers.map((v) => ({ v: v + 0 })),
      });
    }),
    { numRuns, seed },
  );
});
