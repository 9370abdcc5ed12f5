import type { ServableModel } from "@cascade/contracts";
import { requestErrors } from "../errors.ts";
import type { RawRow, RowRefusal } from "./answer.ts";

export interface PredictRequest {
  readonly rows: readonly RawRow[];
  readonly ids?: readonly string[];
}

const shape =
  'Send {"rows": [{"column": value, …}, …]}, with "ids" where you have your own, or a bare list of rows.';
const idLengthMax = 256;
const controlCharacter = /\p{Cc}/u;

/** Reads the body of a prediction request; throws with what to send instead. */
export function readPredictRequest(body: unknown, rowsMax: number): PredictRequest {
  const { rows, ids } = Array.isArray(body) ? { rows: body, ids: undefined } : membersOf(body);
  if (!Array.isArray(rows)) throw requestErrors.invalid(`There are no rows. ${shape}`);
  if (rows.length === 0) throw requestErrors.invalid(`The list of rows is empty. ${shape}`);
  if (rows.length > rowsMax) throw requestErrors.tooManyRows(rows.length, rowsMax);
  const checked = rows.map((row: unknown, index): RawRow => {
    if (isRecord(row)) return row;
    throw requestErrors.invalid(`Row ${index} is no object with columns. ${shape}`);
  });
  return ids === undefined ? { rows: checked } : { rows: checked, ids: readIds(ids, rows.length) };
}

function membersOf(body: unknown): { rows: unknown; ids: unknown } {
  if (!isRecord(body)) throw requestErrors.invalid(`The body is no JSON object or list. ${shape}`);
  const foreign = Object.keys(body).find((key) => key !== "rows" && key !== "ids");
  if (foreign !== undefined) {
    throw requestErrors.invalid(`"${foreign.slice(0, 100)}" is no member of a prediction request. ${shape}`);
  }
  return { rows: body.rows, ids: body.ids };
}

function readIds(ids: unknown, rowCount: number): string[] {
  if (!Array.isArray(ids) || ids.length !== rowCount) {
    throw requestErrors.invalid(`"ids" must be a list of ${rowCount} texts, one for each row.`);
  }
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    const usable =
      typeof id === "string" &&
      id.length > 0 &&
      id.length <= idLengthMax &&
      id.isWellFormed() &&
      !controlCharacter.test(id);
    if (!usable) {
      throw requestErrors.invalid(
        `ids[${index}] must be a text of 1 to ${idLengthMax} characters without control characters.`,
      );
    }
    if (seen.has(id))
      throw requestErrors.invalid(`ids[${index}] stands twice in the request; ids must differ.`);
    seen.add(id);
  }
  return [...seen];
}

/**
 * Columns that a row does not have. Null is a value: training has seen rows without one. A column that no feature reads
 * is asked for as well, because a labelled prediction comes back as data, which have all columns.
 */
export function missingColumns(
  rows: readonly RawRow[],
  { inputColumns, features, lookups }: Pick<ServableModel, "inputColumns" | "features" | "lookups">,
): RowRefusal[] {
  return rows.flatMap((row, index) =>
    inputColumns
      .filter(({ name }) => !Object.hasOwn(row, name))
      .map(({ name, type }) => {
        const why = mayBeRead(name, features, lookups)
          ? ""
          : " No feature reads it, but labelled predictions come back as data, which have it.";
        const message = `Column ${JSON.stringify(name)} is missing. Its type is ${type}; give null where there is no value.${why}`;
        return { row: index, column: name, message };
      }),
  );
}

/** An expression that reads a column has its name somewhere in its text. */
function mayBeRead(
  column: string,
  features: ServableModel["features"],
  lookups: ServableModel["lookups"] = [],
): boolean {
  const name = column.toLowerCase().replaceAll('"', '""');
  return (
    features.some(({ sql }) => sql.toLowerCase().includes(name)) ||
    lookups.some(({ on, time }) => time === column || on.some((key) => key.name === column))
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
