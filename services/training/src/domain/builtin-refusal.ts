import type { Problem } from "@cascade/contracts";
import { z } from "zod";
import type { LearnerErrorCode } from "../learners/errors.ts";
import type { TrainerErrorCode } from "../trainers/errors.ts";

const ofParameters =
  "Correct training.parameters or training.search.space in the pipeline file, then run cascade apply: it trains again.";
const ofData =
  "Do what the message says in the pipeline file and run cascade apply, or send other data. cascade retrain tries once more.";
const ofOurs =
  "Nothing in the pipeline file causes this. Read the log with cascade runs show RUN --log, then run cascade retrain; report it if it stays.";

/** What to do about each of the codes with which a trainer that comes with Cascade refuses. */
const advice: Readonly<Record<LearnerErrorCode | TrainerErrorCode, string>> = {
  PARAMETERS_INVALID: ofParameters,
  PARAMETER_UNFIT: ofParameters,
  NO_ROWS: ofData,
  NO_VALIDATION_ROWS: ofData,
  NO_COLUMNS: ofData,
  ONE_CLASS: ofData,
  CONSTANT_LABEL: ofData,
  NO_INFORMATIVE_COLUMNS: ofData,
  TOO_MANY_CLASSES: ofData,
  NOT_BINARY: ofData,
  MISSING_LABEL: ofData,
  LABEL_TOO_LARGE: ofData,
  BAD_LABEL: ofData,
  TOO_MANY_WEIGHTS: ofData,
  TOO_LARGE: ofData,
  COLUMN_NOT_NUMERIC: ofData,
  REQUEST_UNREADABLE: ofOurs,
  REQUEST_INVALID: ofOurs,
  DATA_UNREADABLE: ofOurs,
  COLUMN_MISSING: ofOurs,
};

const codes = Object.keys(advice) as (keyof typeof advice)[];
const Refusal = z.object({ code: z.enum(codes), message: z.string() });

/**
 * Why a built-in trainer has refused, read from the last line of its log. A person has no program of theirs to
 * correct there, so an exit code and a line of JSON would tell them nothing. Undefined for any other end of it.
 */
export function builtinRefusal(lastLine: string): Problem | undefined {
  if (!lastLine.startsWith("{")) return undefined;
  const refusal = Refusal.safeParse(parsed(lastLine));
  if (!refusal.success) return undefined;
  const { code, message } = refusal.data;
  return { code, message: message.slice(0, 4000).toWellFormed(), whatToDo: advice[code] };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that was cut off, or that only looks like ours.
    return undefined;
  }
}
