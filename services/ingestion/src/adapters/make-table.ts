import type { Column } from "@cascade/contracts";
import { type InputFile, type Table, TabularError } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { ingestionErrors } from "../errors.ts";

/**
 * Makes one Parquet table of all files. Declared columns that are there get their declared type; whether all
 * of them are there is for validation to say, which can tell everything that is wrong at once.
 */
export async function makeTable(
  files: readonly InputFile[],
  declared: readonly Column[],
  output: string,
  { tabular, config }: Pick<Deps, "tabular" | "config">,
  signal: AbortSignal,
): Promise<Table> {
  const limits = { rows: config.rowsMax, columns: config.columnsMax, bytes: config.bytesMax };
  const inputs = files.map(({ path, format }) => ({ path, format }));
  const make = (columns: readonly Column[]) =>
    tabular.toParquet(
      {
        files: inputs,
        // A column that only some of the files have is empty in the rows of the others.
        columns: columns.map((column) => ({ ...column, nullable: true })),
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
