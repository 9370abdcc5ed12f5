import { tabularErrors } from "../errors.ts";
import type { Column, ColumnType } from "../types.ts";
import { refuseDuplicates, type Source } from "./source-types.ts";

/** A column of the table that is made, and what says that it has its type: its values may not speak against it. */
export type DecidedColumn = Column & {
  readonly nullable: boolean;
  readonly saidBy: "declaration" | "values" | "nothing";
};

/** The files with only those of their columns that nobody has declared; what is declared must be there. */
export function undeclaredIn(sources: readonly Source[], declared: readonly Column[]): Source[] {
  refuseDuplicates(declared.map((column) => column.name));
  const spelling = new Map<string, string>();
  for (const column of [...declared, ...sources.flatMap((source) => source.columns)]) {
    const key = column.name.toLowerCase();
    const known = spelling.get(key) ?? column.name;
    if (known !== column.name) throw tabularErrors.columnDuplicate([known, column.name]);
    spelling.set(key, known);
  }
  const everywhere = (column: string) =>
    sources.every((source) => source.columns.some((found) => found.name === column));
  const anywhere = (column: string) =>
    sources.some((source) => source.columns.some((found) => found.name === column));
  const missing = declared.filter(
    (column) => !(column.nullable ? anywhere(column.name) : everywhere(column.name)),
  );
  if (missing.length > 0) {
    throw tabularErrors.columnMissing(
      missing.map((column) => column.name),
      [...new Set(sources.flatMap((source) => source.columns.map((column) => column.name)))],
    );
  }
  const names = new Set(declared.map((column) => column.name));
  return sources.map((source) => ({
    ...source,
    columns: source.columns.filter((column) => !names.has(column.name)),
  }));
}

/** Declared columns first, in their order; then what the files have beyond them. */
export function decideColumns(
  declared: readonly Column[],
  found: ReadonlyMap<string, ColumnType | undefined>,
): DecidedColumn[] {
  return [
    ...declared.map(({ name, type, nullable = false }) => ({
      name,
      type,
      nullable,
      saidBy: "declaration" as const,
    })),
    ...[...found].map(([name, type]) => ({
      name,
      type: type ?? ("string" as const),
      nullable: true,
      saidBy: type === undefined ? ("nothing" as const) : ("values" as const),
    })),
  ];
}

/** What callers get to know of columns. */
export function toldColumns(columns: readonly DecidedColumn[]): (Column & { readonly nullable: boolean })[] {
  return columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
}
