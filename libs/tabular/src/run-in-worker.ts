import { OperationError, SandboxError, type WorkerPool } from "@cascade/sandbox";
import { isTabularErrorCode, TabularError, type TabularErrorDetails, tabularErrors } from "./errors.ts";
import type { CallOptions } from "./types.ts";

/** Runs one operation in a child; whatever goes wrong there is a TabularError here. */
export async function runInWorker<T>(
  pool: WorkerPool,
  operation: string,
  args: unknown,
  options: CallOptions = {},
): Promise<T> {
  try {
    return await pool.call<T>(operation, args, options);
  } catch (error) {
    throw asTabularError(error);
  }
}

function asTabularError(error: unknown): TabularError {
  if (error instanceof OperationError) {
    if (!isTabularErrorCode(error.code)) return tabularErrors.unexpected(error.message, error);
    const { whatToDo, ...details } = (error.details ?? {}) as TabularErrorDetails & { whatToDo?: string };
    return new TabularError(error.code, error.message, whatToDo ?? "", details, { cause: error });
  }
  if (!(error instanceof SandboxError)) return tabularErrors.unexpected(String(error), error);
  const ended = (code: "TIMEOUT" | "CANCELLED" | "CLOSED" | "CRASHED", whatToDo: string) =>
    new TabularError(code, error.message, whatToDo, {}, { cause: error });
  switch (error.code) {
    case "SANDBOX_MEMORY":
      return tabularErrors.memory(error.message, error);
    case "SANDBOX_TIMEOUT":
      return ended("TIMEOUT", "Raise timeoutMs, or give the work fewer rows or columns.");
    case "SANDBOX_CANCELLED":
      return ended("CANCELLED", "Nothing: the caller asked for it.");
    case "SANDBOX_CLOSED":
      return ended("CLOSED", "Close it after the last call.");
    case "SANDBOX_CRASHED":
      return ended(
        "CRASHED",
        "Try once more; an input that crashes the engine again is hostile or shows a defect.",
      );
    default:
      return tabularErrors.unexpected(error.message, error);
  }
}
