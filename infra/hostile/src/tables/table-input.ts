import type { Column, CsvOptions, JsonRow, TabularErrorCode } from "@cascade/tabular";
import type { HostileInput } from "../hostile-input.ts";

/** What becomes of a table: a refusal with a stable code, or exactly these rows. */
export type TableAnswer =
  | { readonly refused: TabularErrorCode; readonly line?: number }
  | { readonly rows: readonly JsonRow[] };

/** The bytes of one file, what a pipeline declares of it, and how it is said to be written. */
export interface TableInput {
  readonly content: string | Uint8Array;
  readonly columns?: readonly Column[];
  readonly csv?: CsvOptions;
}

export type HostileTable = HostileInput<TableInput, TableAnswer>;

/** Every attack runs against these limits; they are small so that reaching them is cheap. */
export const tableLimits = { rows: 10_000, columns: 200, bytes: 64 << 20 } as const;
