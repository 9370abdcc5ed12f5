import { tabularErrors } from "../errors.ts";
import type { ColumnType, InputFile } from "../types.ts";

/** An input file and where its bytes are read from: a copy where it had to be written anew. */
export type ReadableFile = InputFile & { readonly readFrom: string };

/**
 * One input file as a relation. Columns of CSV and JSON are text (`type` undefined) until it is decided what
 * they are; Parquet says it itself.
 */
export type Source = {
  readonly file: ReadableFile;
  readonly relation: string;
  /** The same, but records that cannot be read are noted and left out; only CSV has it. */
  readonly lenient?: string;
  readonly columns: readonly {
    readonly name: string;
    readonly sql: string;
    readonly type: ColumnType | undefined;
  }[];
};

export function refuseDuplicates(names: readonly string[]): void {
  const seen = new Set<string>();
  const twice = names.filter((column) => seen.size === seen.add(column.toLowerCase()).size);
  if (twice.length > 0) throw tabularErrors.columnDuplicate(twice);
}
