import type { DuckDBType } from "@duckdb/node-api";
import type ddb from "@duckdb/node-bindings";
import type { ColumnSketch } from "../../sketch-types.ts";

/** What one call of the engine hands over: some rows, all of one row group. */
export type Chunk = { readonly chunk: ddb.DataChunk; readonly rows: number; readonly group: number };

/** A vector as SQL of that type. */
export type Wanted = { readonly sql: string; readonly type: DuckDBType };

/** What is counted of one column during a scan. Nothing in the result depends on the order of row groups. */
export type Tally = {
  /** The vectors that it wants. */
  readonly wants: readonly Wanted[];
  /** Looks at its vectors, which begin at `argument`. */
  look(chunk: Chunk, argument: number): void;
  /** All rows of a row group were looked at; groups end in their order. */
  endGroup(group: number): void;
  /** Undefined when the column has more different values than the plan allows. */
  finish(): ColumnSketch | undefined;
};
