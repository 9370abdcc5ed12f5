import { TabularError } from "../errors.ts";
import type { Expectation, ExpectationResult } from "../expectations.ts";
import type { Column } from "../types.ts";
import { engineColumns } from "./canonical.ts";
import { checkExpression, wrapped } from "./check-expression.ts";
import { asResourceError, type Database, firstLine } from "./database.ts";
import { nameOfCondition, type RowRule } from "./row-rule.ts";
import { text } from "./sql-text.ts";

const PATTERN_MAX = 1000;

/** Why an expectation that somebody has written cannot be asked of any row; undefined where it can. */
export async function whyUnusable(
  database: Database,
  expectation: Expectation,
  relation: string,
  columns: readonly Column[],
): Promise<string | undefined> {
  switch (expectation.kind) {
    case "pattern":
      return whyNoPattern(database, expectation.pattern);
    case "condition":
      return whyNoCondition(database, expectation, relation, columns);
    default:
      return undefined;
  }
}

async function whyNoPattern(database: Database, pattern: string): Promise<string | undefined> {
  if (pattern.length > PATTERN_MAX) return `The pattern is longer than ${PATTERN_MAX} characters.`;
  // RE2 has a limit on the size of a compiled expression, and none of what takes exponential time.
  const problem = await problemOf(database.run(`SELECT regexp_full_match('', ${text(pattern)})`));
  return problem && `The pattern ${JSON.stringify(pattern.slice(0, 100))} cannot be used: ${problem}`;
}

async function whyNoCondition(
  database: Database,
  condition: Extract<Expectation, { kind: "condition" }>,
  relation: string,
  columns: readonly Column[],
): Promise<string | undefined> {
  const title = nameOfCondition(condition);
  const names = columns.map(({ name }) => name);
  const unusable = (reason: string) => `The condition ${title} cannot be used: ${reason}`;
  try {
    await checkExpression(database, title, condition.sql, names);
    const [value] = await engineColumns(
      database,
      `SELECT ${wrapped(condition.sql)} AS value FROM ${relation}`,
    );
    const type = value?.engineType;
    return type === "BOOLEAN" ? undefined : unusable(`it gives ${type} and not true or false.`);
  } catch (error) {
    if (asResourceError(error)) throw error;
    if (error instanceof TabularError) return unusable(error.details.reason ?? error.message);
    return unusable(firstLine(error instanceof Error ? error.message : String(error)));
  }
}

/** The conditions whose SQL fails on some row, with the results that say so. */
export async function conditionsThatFail(
  database: Database,
  relation: string,
  compiled: readonly (RowRule | ExpectationResult)[],
): Promise<ReadonlyMap<number, ExpectationResult>> {
  const found = new Map<number, ExpectationResult>();
  for (const [index, rule] of compiled.entries()) {
    if ("passed" in rule || rule.condition === undefined) continue;
    // The engine skips work whose result nobody needs, so the result is counted.
    const problem = await problemOf(database.run(`SELECT count(${rule.violated}) FROM ${relation}`));
    if (problem === undefined) continue;
    found.set(index, {
      expectation: rule.condition,
      passed: false,
      failedRows: 0,
      message: `The condition ${nameOfCondition(rule.condition)} fails on the data: ${problem} Guard it, for example with try_cast, nullif or case.`,
    });
  }
  return found;
}

async function problemOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (asResourceError(error)) throw error;
    return firstLine(error instanceof Error ? error.message : String(error));
  }
}
