/** Every reason for which the sandbox itself ends a call; what the operation threw comes back as OperationError. */
export const SandboxErrorCode = {
  memory: "SANDBOX_MEMORY",
  timeout: "SANDBOX_TIMEOUT",
  crashed: "SANDBOX_CRASHED",
  cancelled: "SANDBOX_CANCELLED",
  closed: "SANDBOX_CLOSED",
  argumentsUnsendable: "SANDBOX_ARGUMENTS_UNSENDABLE",
  logUnwritable: "SANDBOX_LOG_UNWRITABLE",
} as const;
export type SandboxErrorCode = (typeof SandboxErrorCode)[keyof typeof SandboxErrorCode];

/** The sandbox ended the work: a limit, a crash, a cancellation. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SandboxError";
    this.code = code;
  }
}

/** An error that the operation itself threw in the child, with the name, code and details it had there. */
export class OperationError extends Error {
  readonly code: string | undefined;
  readonly details: unknown;

  constructor(thrown: { name: string; message: string; code?: string; details?: unknown; stack?: string }) {
    super(thrown.message);
    this.name = thrown.name;
    this.code = thrown.code;
    this.details = thrown.details;
    // The child's stack says where it happened; ours would only show the message channel.
    if (thrown.stack !== undefined) this.stack = thrown.stack;
  }
}

export const sandboxErrors = {
  memory: (what: string, limitMiB: number, usedMiB: number | undefined) =>
    new SandboxError(
      "SANDBOX_MEMORY",
      `${what} needed more than its ${limitMiB} MiB of memory${usedMiB === undefined ? "" : ` (${usedMiB} MiB in use)`} and was killed. ` +
        "Give it less data at once, or raise memoryLimitMiB.",
    ),
  timeout: (what: string, limitMs: number) =>
    new SandboxError(
      "SANDBOX_TIMEOUT",
      `${what} was not done after ${limitMs} ms and was killed. Give it less data at once, or raise timeoutMs.`,
    ),
  crashed: (what: string, how: string, stderr: string) =>
    new SandboxError(
      "SANDBOX_CRASHED",
      `The child process ended during ${what} (${how}). The next call gets a new one. ` +
        (stderr === "" ? "It wrote nothing to standard error." : `Its last words: ${stderr}`),
    ),
  cancelled: (what: string, cause: unknown) =>
    new SandboxError(
      "SANDBOX_CANCELLED",
      `${what} was cancelled by its caller, and its process was killed.`,
      {
        cause,
      },
    ),
  closed: (what: string) =>
    new SandboxError(
      "SANDBOX_CLOSED",
      `${what} was not done: the worker pool is closed. Open a new pool, or close it after the last call.`,
    ),
  argumentsUnsendable: (what: string, cause: unknown) =>
    new SandboxError(
      "SANDBOX_ARGUMENTS_UNSENDABLE",
      `The arguments of ${what} cannot be sent to a child process. Pass plain data: no functions, no class instances.`,
      { cause },
    ),
  logUnwritable: (file: string, cause: unknown) =>
    new SandboxError(
      "SANDBOX_LOG_UNWRITABLE",
      `The log ${file} could not be written, so the program was stopped. Check the folder, its rights and the free space.`,
      { cause },
    ),
};
