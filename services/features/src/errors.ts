import type { Problem } from "@cascade/contracts";
import { TabularError, type TabularErrorCode } from "@cascade/tabular";

/** A "no" that the pipeline or its data are the reason for: it becomes an event, and is not tried again. */
export class ViewProblem extends Error {
  readonly problem: Problem;

  constructor(code: string, message: string, whatToDo: string) {
    super(message);
    this.name = "ViewProblem";
    this.problem = { code, message, whatToDo };
  }
}

// The machine's own trouble, which may be over at the next attempt.
const passing: readonly TabularErrorCode[] = [
  "TIMEOUT",
  "CANCELLED",
  "CRASHED",
  "CLOSED",
  "DISK_FULL",
  "MEMORY",
];

/** The problem that an error stands for, or undefined where trying again may help. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ViewProblem) return error.problem;
  if (error instanceof TabularError && !passing.includes(error.code)) {
    return { code: error.code, message: error.message, whatToDo: error.whatToDo };
  }
  return undefined;
}
