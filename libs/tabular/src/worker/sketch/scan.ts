import { BIGINT, BOOLEAN, type DuckDBDataChunk, DuckDBScalarFunction } from "@duckdb/node-api";
import ddb from "@duckdb/node-bindings";
import type { Database, Row } from "../database.ts";
import { readParquet } from "../source.ts";
import { groupOf, type RowGroups, type RowRange } from "./row-groups.ts";
import type { Tally } from "./tally.ts";

let scans = 0;

/**
 * Shows every row of some ranges to the tallies, once. They stand in the query as one scalar function: so the
 * engine reads and unpacks with all its threads, hands over vectors without copying them, and keeps nothing.
 * Measured on 10 million rows of 20 columns: a streamed result of the same query takes three times the memory,
 * and half as much time again. `more` are aggregates that the engine computes on the way.
 */
export async function scan(
  database: Database,
  path: string,
  groups: RowGroups,
  ranges: readonly RowRange[] | undefined,
  tallies: readonly Tally[],
  more: readonly string[] = [],
): Promise<Row> {
  // Two functions of one name would be one with two meanings.
  const name = `cascade_look_${++scans}`;
  const wanted = tallies.flatMap(({ wants }) => wants);
  const ends = inOrder(groups, ranges, (group) => {
    for (const tally of tallies) tally.endGroup(group);
  });
  const look = DuckDBScalarFunction.create({
    name,
    parameterTypes: [BIGINT, ...wanted.map(({ type }) => type)],
    returnType: BOOLEAN,
    // Missing values are looked at too, and no call may be saved because its arguments were there before.
    specialHandling: true,
    volatile: true,
    mainFunction: (_, { chunk }: DuckDBDataChunk) => {
      const rows = ddb.data_chunk_get_size(chunk);
      const numbers = ddb.vector_get_data(ddb.data_chunk_get_vector(chunk, 0), 8);
      const group = groupOf(
        groups,
        Number(new DataView(numbers.buffer, numbers.byteOffset).getBigInt64(0, true)),
      );
      let argument = 1;
      for (const tally of tallies) {
        tally.look({ chunk, rows, group }, argument);
        argument += tally.wants.length;
      }
      ends.saw(group, rows);
    },
  });
  database.connection.registerScalarFunction(look);
  // A filter puts the rest of one row group and the beginning of another into one vector, so all rows go without.
  const where =
    ranges === undefined
      ? ""
      : ` WHERE ${ranges.map(({ from, to }) => `file_row_number BETWEEN ${from} AND ${to - 1}`).join(" OR ")}`;
  const called = `${name}(file_row_number, ${wanted.map(({ sql }) => sql).join(", ")})`;
  const found = await database.one(
    `SELECT ${[`count(${called}) AS looked_at`, ...more].join(", ")} FROM ${readParquet([path], ", file_row_number = true")}${where}`,
  );
  ends.all();
  return found;
}

/** Says which row groups have ended, each after those before it, when it is told of rows in any order. */
function inOrder(
  { rows, starts }: RowGroups,
  ranges: readonly RowRange[] | undefined,
  ended: (group: number) => void,
): { saw: (group: number, rows: number) => void; all: () => void } {
  const missing = rows.map((count, group) => {
    const start = starts[group] ?? 0;
    if (ranges === undefined) return count;
    return ranges.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, start + count) - Math.max(from, start)),
      0,
    );
  });
  let next = 0;
  return {
    saw(group, seen) {
      missing[group] = (missing[group] ?? 0) - seen;
      while (next < missing.length && missing[next] === 0) ended(next++);
    },
    // Behind a filter, rows may count for the row group before their own.
    all() {
      while (next < missing.length) ended(next++);
    },
  };
}
