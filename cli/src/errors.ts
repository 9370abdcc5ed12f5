export const exitCodes = { done: 0, refused: 1, usage: 2, unreachable: 3, timedOut: 4 } as const;

/** Ends a command with a message and an exit code. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}
