export const testingErrorCodes = ["CONDITION_NOT_MET", "SERVERS_NOT_STARTED", "NOT_FOR_CONTAINERS"] as const;
export type TestingErrorCode = (typeof testingErrorCodes)[number];

export class TestingError extends Error {
  readonly code: TestingErrorCode;

  constructor(code: TestingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "TestingError";
    this.code = code;
  }
}
