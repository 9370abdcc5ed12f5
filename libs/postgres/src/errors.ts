const postgresErrorCodes = [
  "MIGRATION_FAILED",
  "DATABASE_UNAVAILABLE",
  "DATABASE_READ_ONLY",
  "TRANSACTION_ABORTED",
  "TRANSACTION_ENDED",
  "SCHEMA_OF_ANOTHER_ROLE",
  "ROLE_TOO_POWERFUL",
] as const;
export type PostgresErrorCode = (typeof postgresErrorCodes)[number];

/** What this library itself reports; errors of a statement stay pg's own. */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "PostgresError";
    this.code = code;
  }
}

const codes = new Set([
  "DATABASE_UNAVAILABLE",
  "DATABASE_READ_ONLY",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

// Classes 08 (connection), 28 (login), 53 (resources), 57P0x (shutdown, crash), 58 (the server's disk), and
// 25006: the server is read-only now. None of them is about the statement.
const sqlStatePattern = /^(08...|28...|53...|57P0[1-5]|58...|25006)$/;

// What pg itself reports has no code.
const clientMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Client was closed and is not queryable",
  "Cannot use a pool after calling end",
  "Query read timeout",
];

/**
 * True where the database is away or cannot work now, so that the same statement may succeed later; false
 * where the statement itself is at fault.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (codes.has(code) || sqlStatePattern.test(code)) return true;
  if (clientMessages.some((message) => error.message.includes(message))) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionError);
  return error.cause !== undefined && isConnectionError(error.cause);
}
