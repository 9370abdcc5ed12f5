import { HttpProblem } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import { type Answers, checkAnswers } from "../domain/answers.ts";
import type { FeatureTable, FeatureValue } from "../domain/feature-table.ts";
import { loggedOutput } from "../domain/prediction.ts";
import type { LoggedPrediction } from "../log/prediction-log.ts";
import type { ChosenModel } from "./choose-model.ts";

export type RawRow = Readonly<Record<string, unknown>>;

export interface Question {
  readonly table: FeatureTable;
  readonly ids: readonly string[];
  /** The raw rows where the caller sent any; only declared columns are logged. */
  readonly rows?: readonly RawRow[];
}

/** Counts how a request ended for its version, whatever became of it. */
export async function measured<T>(deps: Deps, chosen: ChosenModel, work: () => Promise<T>): Promise<T> {
  const { pipeline, revision, model } = chosen;
  const { version } = model;
  const startedAt = performance.now();
  const finish = (failed: boolean) => {
    const latencyMs = performance.now() - startedAt;
    deps.windows.count({ pipeline, revision, version, latencyMs, failed });
    deps.metrics.observe(pipeline, version, latencyMs / 1000, failed);
  };
  try {
    const result = await work();
    finish(false);
    return result;
  } catch (error) {
    // What a caller got wrong, or a broker that is away, says nothing about the version.
    if (!(error instanceof RowsRefused || error instanceof HttpProblem)) finish(true);
    throw error;
  }
}

export interface RowRefusal {
  readonly row: number;
  readonly column: string;
  readonly message: string;
}

/** Rows that cannot be answered; none of the request is. */
export class RowsRefused extends Error {
  readonly refusals: readonly RowRefusal[];

  constructor(refusals: readonly RowRefusal[]) {
    const [first] = refusals;
    super(
      `${refusals.length} value(s) cannot be used, first in row ${first?.row}: ${sentence(first?.message ?? "")} Nothing was predicted; correct the rows and send all of them again.`,
    );
    this.name = "RowsRefused";
    this.refusals = refusals;
  }
}

/** Infers and logs. The log is only handed over here: it is published later, and nobody waits for it. */
export async function answer(
  deps: Deps,
  { pipeline, model }: ChosenModel,
  question: Question,
): Promise<Answers> {
  const answers = await model.infer(question.table);
  checkAnswers(answers);
  const { features, inputColumns } = model.servable;
  const at = deps.now().toISOString();
  const names = features.map(({ name }) => name);
  const inputs = inputColumns.map(({ name }) => name);
  for (const [row, id] of question.ids.entries()) {
    const raw = question.rows?.[row];
    const input = raw === undefined ? undefined : declaredOnly(raw, inputs);
    const values = featuresOf(names, question.table, row);
    const prediction: LoggedPrediction = {
      id,
      version: model.version,
      at,
      ...(input === undefined ? {} : { input }),
      features: values,
      output: loggedOutput(answers, row),
    };
    deps.predictionLog.add(pipeline, prediction, sizeOf(values) + (input === undefined ? 0 : sizeOf(input)));
  }
  return answers;
}

type Scalar = string | number | boolean | null;

function declaredOnly(row: RawRow, columns: readonly string[]): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {};
  for (const column of columns) kept[column] = jsonSafe(row[column]);
  return kept;
}

function featuresOf(
  names: readonly string[],
  table: FeatureTable,
  row: number,
): Record<string, FeatureValue> {
  const values: Record<string, FeatureValue> = {};
  for (const [index, name] of names.entries()) values[name] = jsonSafe(table.columns[index]?.[row]);
  return values;
}

function jsonSafe(value: unknown): Scalar {
  if (typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Roughly what a record holds in memory: exact where it matters, which is long texts. */
function sizeOf(record: Readonly<Record<string, Scalar>>): number {
  let size = 100;
  for (const name in record) {
    const value = record[name];
    size += 40 + (typeof value === "string" ? 2 * value.length : 0);
  }
  return size;
}

/** What the engine says of a value ends without a full stop. */
function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
