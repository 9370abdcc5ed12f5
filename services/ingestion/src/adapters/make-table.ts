import type { Column } from "@cascade/contracts";
import { type Table, TabularError } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { overlookedDelimiter } from "../domain/delimiter.ts";
import type { IngestPipeline } from "../domain/read-pipeline.ts";
import { ingestionErrors } from "../errors.ts";
import { withoutEmptyFiles } from "./empty-files.ts";
import type { FetchedFile } from "./fetch-batch.ts";

/**
 * Makes one Parquet table of all files. Declared columns that are there get their declared type; whether all
 * of them are there is for validation to say, which can tell everything that is wrong at once.
 */
export async function makeTable(
  files: readonly FetchedFile[],
  { columns: declared, reading }: Pick<IngestPipeline, "columns" | "reading">,
  known: readonly Column[],
  output: string,
  { tabular, config }: Pick<Deps, "tabular" | "config">,
  signal: AbortSignal,
): Promise<Table> {
  const limits = { rows: config.rowsMax, columns: config.columnsMax, bytes: config.bytesMax };
  const inputs = (await withoutEmptyFiles(files)).map(({ path, format }) => ({ path, format }));
  if (inputs.length === 0) throw ingestionErrors.noRows(files.map(({ uri }) => uri));
  const make = (columns: IngestPipeline["columns"]) =>
    tabular.toParquet(
      {
        files: inputs,
        // A column that only some of the files have is empty in the rows of the others.
        columns: columns.map((column) => ({ ...column, nullable: true })),
        known,
        csv: reading.csv,
        output,
        limits,
      },
      { signal },
    );
  const table = await make(declared).catch((error: unknown) => {
    // The names are compared before any row is read, so that the second try costs next to nothing.
    const missing = missingColumns(error);
    if (missing.length === 0) throw error;
    return make(declared.filter(({ name }) => !missing.includes(name)));
  });
  const delimiter = overlookedDelimiter(declared, table.columns);
  if (reading.csv?.delimiter !== undefined && delimiter !== undefined) {
    const [first] = files.map(({ uri }) => uri);
    throw ingestionErrors.delimiterWrong(first ?? "", reading.csv.delimiter, delimiter);
  }
  if (table.rowCount === 0) throw ingestionErrors.noRows(files.map(({ uri }) => uri));
  for (const { name } of table.columns) {
    if (name === "" || name.length > 128) throw ingestionErrors.columnNameInvalid(name);
  }
  return table;
}

function missingColumns(error: unknown): readonly string[] {
  return error instanceof TabularError && error.code === "COLUMN_MISSING"
    ? (error.details.columns ?? [])
    : [];
}
