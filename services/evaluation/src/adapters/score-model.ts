import type { ServableModel } from "@cascade/contracts";
import { type ColumnValues, type ModelSandbox, OnnxError } from "@cascade/onnx";
import { type Answers, joinAnswers, readAnswers } from "../domain/read-answers.ts";
import type { Holdout } from "./holdout.ts";

/** What a model answered, and how long it took; or why it is not usable. */
export type Scoring =
  | { readonly answers: Answers; readonly loadMs: number; readonly runMs: number }
  | { readonly refusal: string };

export interface ScoringContext {
  readonly sandbox: ModelSandbox;
  readonly batchRows: number;
  readonly modelBytesMax: number;
  readonly signal: AbortSignal;
}

/** Lets a model answer all rows of a holdout. Throws only where the fault is not the model's. */
export async function scoreHoldout(
  model: ServableModel,
  modelPath: string,
  holdout: Holdout,
  context: ScoringContext,
): Promise<Scoring> {
  const parts: Answers[] = [];
  let loadMs = 0;
  let runMs = 0;
  for (let offset = 0; offset < holdout.rowCount; offset += context.batchRows) {
    const { columns, rowCount } = await holdout.readFeatures(model.features, {
      offset,
      limit: context.batchRows,
    });
    const scoring = await scoreRows(model, modelPath, columns, rowCount, context);
    if ("refusal" in scoring) {
      return offset === 0 ? scoring : { refusal: `rows from ${offset} on: ${scoring.refusal}` };
    }
    parts.push(scoring.answers);
    loadMs = Math.max(loadMs, scoring.loadMs);
    runMs += scoring.runMs;
  }
  const answers = joinAnswers(parts);
  return answers === undefined ? { refusal: "the holdout has no rows" } : { answers, loadMs, runMs };
}

/** Lets a model answer some rows. */
export async function scoreRows(
  model: ServableModel,
  modelPath: string,
  columns: Readonly<Record<string, ColumnValues>>,
  rowCount: number,
  context: ScoringContext,
): Promise<Scoring> {
  const { sandbox, modelBytesMax, signal } = context;
  try {
    const limits = { sizeBytesMax: modelBytesMax };
    const request = { modelPath, columns, rowCount, limits };
    const { outputs, loadMs, runMs } = await runTwice(() => sandbox.run(request, { signal }));
    const answers = readAnswers(model, outputs, rowCount);
    return typeof answers === "string" ? { refusal: answers } : { answers, loadMs, runMs };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OnnxError || isOfTheModel(error)) return { refusal: error.message };
    throw error;
  }
}

/** A child that dies once may have been killed from outside; one that dies again dies of the model. */
async function runTwice<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (codeOf(error) !== "SANDBOX_CRASHED") throw error;
    return run();
  }
}

const modelFaults: ReadonlySet<unknown> = new Set(["SANDBOX_TIMEOUT", "SANDBOX_MEMORY", "SANDBOX_CRASHED"]);

function isOfTheModel(error: unknown): error is Error {
  return error instanceof Error && modelFaults.has(codeOf(error));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
