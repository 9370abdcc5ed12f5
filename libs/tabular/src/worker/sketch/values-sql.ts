import { BIGINT, DOUBLE, TIMESTAMP, UBIGINT } from "@duckdb/node-api";
import type { CanonicalColumn } from "../canonical.ts";
import type { Wanted } from "./tally.ts";

/** The vector that stands for the values of a column: 64 bits each, the same for what is the same. */
export function wordsOf({ type, sql }: CanonicalColumn): Wanted {
  switch (type) {
    case "integer":
      return { sql, type: BIGINT };
    case "number":
      return { sql, type: DOUBLE };
    case "boolean":
      return { sql: `CAST(${sql} AS BIGINT)`, type: BIGINT };
    case "timestamp":
      return { sql, type: TIMESTAMP };
    // A missing text has a hash too: whether it is there, another vector says.
    case "string":
      return { sql: `hash(${sql})`, type: UBIGINT };
    default:
      return type satisfies never;
  }
}
