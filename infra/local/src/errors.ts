export const localErrorCodes = [
  "NATS_SERVER_NOT_FOUND",
  "NATS_SERVER_BIN_UNUSABLE",
  "PORT_TAKEN",
  "ALREADY_RUNNING",
  "SERVER_DID_NOT_START",
  "POSTGRES_BINARIES_MISSING",
  "POSTGRES_PASSWORD_REJECTED",
  "POSTGRES_USER_MISSING",
] as const;
export type LocalErrorCode = (typeof localErrorCodes)[number];

/** A server could not be found or started; the message says what to do about it. */
export class LocalError extends Error {
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "LocalError";
    this.code = code;
  }
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join("; ");
  // This message of the platform says nothing; its cause does.
  const isEmpty = error.message === "fetch failed" && error.cause !== undefined;
  return isEmpty ? reasonOf(error.cause) : error.message;
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
