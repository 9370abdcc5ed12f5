import { type CallOptions, OperationError, openWorkerPool } from "@cascade/sandbox";
import { isOnnxErrorCode, OnnxError } from "../errors.ts";
import type { ModelDescription } from "../inspect/description.ts";
import type { InspectRequest, RunRequest, SandboxRun } from "./requests.ts";

export interface ModelSandboxOptions {
  /** Child processes at most; each takes one call at a time. */
  readonly processes: number;
  readonly memoryLimitMiB: number;
  readonly timeoutMs: number;
}

/** Runs models that nobody has checked yet, each call in a child process with limits. */
export interface ModelSandbox {
  /** Rejects with OnnxError for a bad model or bad rows, with SandboxError when a limit was passed. */
  run(request: RunRequest, options?: Pick<CallOptions, "signal" | "timeoutMs">): Promise<SandboxRun>;
  inspect(
    request: InspectRequest,
    options?: Pick<CallOptions, "signal" | "timeoutMs">,
  ): Promise<ModelDescription>;
  /** Kills the children; calls that are under way are rejected. */
  close(): Promise<void>;
}

/** Opens a sandbox; children are started on demand. */
export function openModelSandbox({
  processes,
  memoryLimitMiB,
  timeoutMs,
}: ModelSandboxOptions): ModelSandbox {
  const module = new URL("./model-worker.ts", import.meta.url);
  const pool = openWorkerPool({ module, size: processes, memoryLimitMiB, timeoutMs });
  return {
    run: (request, options) => asOnnxError(pool.call<SandboxRun>("run", request, options)),
    inspect: (request, options) => asOnnxError(pool.call<ModelDescription>("inspect", request, options)),
    close: () => pool.close(),
  };
}

/** An OnnxError of the child arrives as an operation's error; callers get it as what it was. */
async function asOnnxError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof OperationError) || !isOnnxErrorCode(error.code)) throw error;
    throw new OnnxError(error.code, detailsOf(error.details), { cause: error });
  }
}

function detailsOf(details: unknown): OnnxError["details"] {
  if (typeof details !== "object" || details === null) return {};
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const input = "input" in details ? text(details.input) : undefined;
  const found = "found" in details ? text(details.found) : undefined;
  const row = "row" in details && typeof details.row === "number" ? details.row : undefined;
  return {
    ...(input === undefined ? {} : { input }),
    ...(row === undefined ? {} : { row }),
    ...(found === undefined ? {} : { found }),
  };
}
