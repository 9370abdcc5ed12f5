import { TabularError } from "@cascade/tabular";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvBytes } from "./csv-bytes.ts";
import { csvNames } from "./csv-names.ts";
import { csvShapes } from "./csv-shapes.ts";
import { csvValues } from "./csv-values.ts";
import { jsonLines } from "./json-lines.ts";
import { openTables, type Tables } from "./open-tables.ts";
import { parquetFiles } from "./parquet-files.ts";
import { places, sqlExpressions } from "./sql-expressions.ts";
import type { HostileTable } from "./table-input.ts";

let tables: Tables;
const prototype = Object.getOwnPropertyNames(Object.prototype);
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables?.[Symbol.asyncDispose]());

const lists: readonly (readonly [string, "csv" | "json-lines" | "parquet", readonly HostileTable[]])[] = [
  ["CSV of a broken form", "csv", csvShapes],
  ["CSV of other bytes than UTF-8", "csv", csvBytes],
  ["CSV with hostile names", "csv", csvNames],
  ["CSV with hostile values", "csv", csvValues],
  ["JSON lines", "json-lines", jsonLines],
  ["Parquet", "parquet", parquetFiles],
];

describe.each(lists)("%s", (_, format, list) => {
  describe.concurrent("one by one", () => {
    test.each(list.map((entry) => [entry.name, entry] as const))("%s", async (_name, { input, wanted }) => {
      const answer = await tables.read(input, format);
      if ("rows" in wanted) expect(answer).toStrictEqual(wanted);
      else expect(answer).toMatchObject(wanted);
    });
  });

  test("a healthy file is read after all of them", async () => {
    expect(await tables.read({ content: "a,b\n1,x\n" }, "csv")).toEqual({ rows: [{ a: 1, b: "x" }] });
    expect(await tables.leftovers()).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
  });
});

describe("feature expressions", () => {
  const columns = [
    { name: "id", type: "integer" },
    { name: "price", type: "number" },
    { name: "name", type: "string" },
    { name: "at", type: "timestamp" },
  ] as const;
  const answerTo = async (sql: string) => {
    try {
      const [column] = await tables.tabular.checkColumns({ input: columns, columns: [{ name: "f", sql }] });
      return { type: column?.type };
    } catch (error) {
      if (!(error instanceof TabularError)) throw error;
      return { refused: error.code };
    }
  };

  test.each(sqlExpressions.map((entry) => [entry.name, entry] as const))(
    "%s",
    async (_, { input, wanted }) => {
      expect(await answerTo(input)).toEqual(wanted);
    },
  );

  test.each(Object.entries(places))("a harmless expression may stand %s", async (_, at) => {
    expect(await answerTo(at("id"))).toHaveProperty("type");
  });
});
