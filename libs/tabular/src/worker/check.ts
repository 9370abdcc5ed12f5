import type { CheckReport, Expectation, ExpectationResult } from "../expectations.ts";
import type { Profile } from "../profile-types.ts";
import { brokenRowsByProfile } from "./answer-from-profile.ts";
import { type Access, type Database, type Row, withDatabase } from "./database.ts";
import { openOtherTables } from "./references.ts";
import { compileExpectation, type RowRule } from "./row-rule.ts";
import { openTable, readParquet } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";
import { conditionsThatFail, whyUnusable } from "./usable.ts";

export type CheckArguments = {
  readonly access: Access;
  readonly path: string;
  readonly expectations: readonly Expectation[];
  /** Tables that columns may refer to, by the names that the expectations have for them. */
  readonly tables?: Readonly<Record<string, string>> | undefined;
  /** The profile of the same rows: what it shows to be met is not looked for in them, and has no example. */
  readonly profile?: Profile | undefined;
  readonly accepted?: string | undefined;
  readonly quarantined?: string | undefined;
};

/**
 * Checks all row-level expectations in one scan; only uniqueness and order need one of their own. With a profile of
 * the rows there is a scan only for what it cannot answer, and for examples of what is broken.
 */
export async function check({
  access,
  path,
  expectations,
  tables,
  profile,
  accepted,
  quarantined,
}: CheckArguments): Promise<CheckReport> {
  return withDatabase(access, async (database) => {
    const { columns } = await openTable(database, [path]);
    const relation = `(SELECT ${columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ")}, file_row_number + 1 AS cascade_row
      FROM ${readParquet([path], ", file_row_number = true")})`;
    const rowCount = await database.number(`SELECT count(*) FROM ${relation}`);
    const others = await openOtherTables(database, tables ?? {});
    const compiled: (RowRule | ExpectationResult)[] = [];
    for (const expectation of expectations) {
      const unusable = await whyUnusable(database, expectation, relation, columns);
      compiled.push(
        unusable === undefined
          ? answered(compileExpectation(expectation, columns, rowCount, others), expectation, profile)
          : { expectation, passed: false, failedRows: 0, message: unusable },
      );
    }
    const results = await judge(database, relation, compiled);
    const rules = compiled.flatMap((rule, index) => ("passed" in rule ? [] : [{ rule, index }]));
    // That the order is broken is a fault of the batch: no row of it is the one that is wrong.
    const failing = rules
      .filter(({ rule, index }) => results[index]?.passed === false && !isOfBatch(rule))
      .map(({ rule }) => rule);
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

/** The result of an expectation that the profile shows to be met, else the rule as it was. */
function answered(
  rule: RowRule | ExpectationResult,
  expectation: Expectation,
  profile: Profile | undefined,
): RowRule | ExpectationResult {
  if ("passed" in rule || profile === undefined) return rule;
  const broken = brokenRowsByProfile(expectation, profile);
  const result = broken === undefined ? undefined : rule.judge(broken, undefined);
  return result?.passed ? result : rule;
}

/** Judges what one scan shows together, and each other rule by a query of its own. */
async function judge(
  database: Database,
  relation: string,
  compiled: (RowRule | ExpectationResult)[],
): Promise<ExpectationResult[]> {
  const scan = await scanRows(database, relation, compiled);
  const results: ExpectationResult[] = [];
  for (const [index, rule] of compiled.entries()) {
    if ("passed" in rule) {
      results.push(rule);
      continue;
    }
    const own = rule.query === undefined ? undefined : await database.one(rule.query(relation));
    const [failed, row, value] =
      own === undefined
        ? [scan[`failed${index}`], scan[`row${index}`], scan[`value${index}`]]
        : [own.failed, own.row, own.value];
    results.push(rule.judge(Number(failed), exampleOf(row, value)));
  }
  return results;
}

/** Where the SQL of a condition fails on some row, that condition gets its result and the others are scanned again. */
async function scanRows(
  database: Database,
  relation: string,
  compiled: (RowRule | ExpectationResult)[],
): Promise<Row> {
  const counts = compiled.map((rule, index) => {
    if ("passed" in rule || rule.violated === undefined) return "";
    const where = `FILTER (WHERE ${rule.violated})`;
    return `, count(*) ${where} AS failed${index}, min(cascade_row) ${where} AS row${index}, arg_min(CAST(${rule.shown} AS VARCHAR), cascade_row) ${where} AS value${index}`;
  });
  if (counts.every((sql) => sql === "")) return {};
  try {
    return await database.one(`SELECT 1 AS one${counts.join("")} FROM ${relation}`);
  } catch (error) {
    const failed = await conditionsThatFail(database, relation, compiled);
    if (failed.size === 0) throw error;
    for (const [index, result] of failed) compiled[index] = result;
    return scanRows(database, relation, compiled);
  }
}

const isOfBatch = ({ violated, join }: RowRule) => violated === undefined && join === undefined;

function exampleOf(row: unknown, value: unknown): ExpectationResult["example"] {
  return row === null || row === undefined
    ? undefined
    : { row: Number(row), value: value === null ? null : String(value).slice(0, 200) };
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
    const joined = rule.join?.(relation, `joined${index}`);
    if (joined === undefined) return "NULL";
    from += joined.from;
    return `CASE WHEN ${joined.broken} THEN ${text(rule.reason)} END`;
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
