import type { CheckReport, Expectation, ExpectationResult } from "../expectations.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { compileExpectation, type RowRule } from "./row-rule.ts";
import { openTable, readParquet } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

export type CheckArguments = {
  readonly access: Access;
  readonly path: string;
  readonly expectations: readonly Expectation[];
  readonly accepted?: string | undefined;
  readonly quarantined?: string | undefined;
};

/** Checks all row-level expectations in one scan; only uniqueness needs one of its own. */
export async function check({
  access,
  path,
  expectations,
  accepted,
  quarantined,
}: CheckArguments): Promise<CheckReport> {
  return withDatabase(access, async (database) => {
    const { columns } = await openTable(database, [path]);
    const relation = `(SELECT ${columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ")}, file_row_number + 1 AS cascade_row
      FROM ${readParquet([path], ", file_row_number = true")})`;
    const rowCount = await database.number(`SELECT count(*) FROM ${relation}`);
    const compiled = expectations.map((expectation) => compileExpectation(expectation, columns, rowCount));
    const rules = compiled.flatMap((rule, index) => ("passed" in rule ? [] : [{ rule, index }]));

    const results: ExpectationResult[] = [];
    const simple = rules.filter(({ rule }) => rule.violated !== undefined);
    const counts = simple.map(({ rule, index }) => {
      const where = `FILTER (WHERE ${rule.violated})`;
      return `, count(*) ${where} AS failed${index}, min(cascade_row) ${where} AS row${index}, arg_min(CAST(${rule.shown} AS VARCHAR), cascade_row) ${where} AS value${index}`;
    });
    const scan = await database.one(`SELECT 1 AS one${counts.join("")} FROM ${relation}`);
    for (const [index, rule] of compiled.entries()) {
      if ("passed" in rule) results.push(rule);
      else if (rule.violated !== undefined)
        results.push(
          rule.judge(Number(scan[`failed${index}`]), exampleOf(scan[`row${index}`], scan[`value${index}`])),
        );
      else results.push(await judgeUnique(database, relation, rule));
    }

    const failing = rules.filter(({ index }) => results[index]?.passed === false).map(({ rule }) => rule);
    if (accepted === undefined && quarantined === undefined)
      return { rowCount, results, acceptedRows: rowCount, quarantinedRows: 0 };
    const quarantinedRows = await writeParts(
      database,
      relation,
      columns.map((column) => column.name),
      failing,
      accepted,
      quarantined,
    );
    return { rowCount, results, acceptedRows: rowCount - quarantinedRows, quarantinedRows };
  });
}

function exampleOf(row: unknown, value: unknown): ExpectationResult["example"] {
  return row === null || row === undefined
    ? undefined
    : { row: Number(row), value: value === null ? null : String(value).slice(0, 200) };
}

// The first row of each key is the one that stays; rows with a missing part of the key have no key.
const firstOfKeys = (relation: string, rule: RowRule) =>
  `SELECT ${rule.keys.map(name).join(", ")}, min(cascade_row) AS first_row, count(*) AS n FROM ${relation}
   WHERE ${rule.keys.map((key) => `${name(key)} IS NOT NULL`).join(" AND ")} GROUP BY ${rule.keys.map(name).join(", ")} HAVING count(*) > 1`;

async function judgeUnique(database: Database, relation: string, rule: RowRule): Promise<ExpectationResult> {
  const shown = `concat_ws(', ', ${rule.keys.map((key) => `CAST(${name(key)} AS VARCHAR)`).join(", ")})`;
  const found = await database.one(
    `SELECT coalesce(sum(n - 1), 0) AS failed, min(first_row) AS row, arg_min(${shown}, first_row) AS value FROM (${firstOfKeys(relation, rule)})`,
  );
  return rule.judge(Number(found.failed), exampleOf(found.row, found.value));
}

async function writeParts(
  database: Database,
  relation: string,
  columns: readonly string[],
  failing: readonly RowRule[],
  accepted: string | undefined,
  quarantined: string | undefined,
): Promise<number> {
  let from = `${relation} AS input`;
  const reasons = failing.map((rule, index) => {
    if (rule.violated !== undefined) return `CASE WHEN ${rule.violated} THEN ${text(rule.reason)} END`;
    const on = rule.keys.map((key) => `repeated${index}.${name(key)} = input.${name(key)}`).join(" AND ");
    from += ` LEFT JOIN (${firstOfKeys(relation, rule)}) AS repeated${index} ON ${on}`;
    return `CASE WHEN input.cascade_row > repeated${index}.first_row THEN ${text(rule.reason)} END`;
  });
  const rows = columns.filter((column) => column !== "_reasons").map((column) => `input.${name(column)}`);
  const list =
    reasons.length === 0
      ? "CAST([] AS VARCHAR[])"
      : `list_filter([${reasons.join(", ")}], lambda reason: reason IS NOT NULL)`;
  const judged = `SELECT ${rows.join(", ")}, input.cascade_row, ${list} AS _reasons FROM ${from}`;
  // A join may change the order of the rows, the outputs must not.
  const ordered = failing.some((rule) => rule.violated === undefined) ? " ORDER BY cascade_row" : "";
  const plain = columns
    .filter((column) => column !== "_reasons")
    .map(name)
    .join(", ");
  if (accepted !== undefined) {
    await database.run(
      `COPY (SELECT ${plain} FROM (${judged}) WHERE len(_reasons) = 0${ordered}) TO ${text(accepted)} (${PARQUET_OPTIONS})`,
    );
  }
  if (quarantined === undefined)
    return database.number(`SELECT count(*) FROM (${judged}) WHERE len(_reasons) > 0`);
  await database.run(
    `COPY (SELECT ${plain}, _reasons FROM (${judged}) WHERE len(_reasons) > 0${ordered}) TO ${text(quarantined)} (${PARQUET_OPTIONS})`,
  );
  return database.number(`SELECT num_rows FROM parquet_file_metadata(${text(quarantined)})`);
}
