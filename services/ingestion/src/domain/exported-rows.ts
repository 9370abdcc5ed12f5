import type { Column } from "@cascade/contracts";

/** The column in which rows that were set aside say why, when they come back. It is no column of the data. */
const reasonsColumn = "_reasons";

/** Whether a CSV file was exported from quarantine, by whatever program it was saved again. */
export function isExported(firstLine: string): boolean {
  return firstLine.split(/[,;\t|]/u).some((name) => name.trim().replace(/^"(.*)"$/u, "$1") === reasonsColumn);
}

export function withoutReasons(columns: readonly Column[]): Column[] {
  return columns.filter(({ name }) => name !== reasonsColumn);
}
