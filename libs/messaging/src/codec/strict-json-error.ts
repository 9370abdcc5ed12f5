export type StrictJsonCode =
  | "NOT_JSON"
  | "ENCODING_UNSUPPORTED"
  | "TOO_DEEP"
  | "KEY_REPEATED"
  | "KEY_FORBIDDEN"
  | "NUMBER_UNSAFE";

/** Why bytes are no JSON, or JSON that does harm. Whoever asked says in its own code what it was to be. */
export class StrictJsonError extends Error {
  readonly code: StrictJsonCode;

  constructor(code: StrictJsonCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StrictJsonError";
    this.code = code;
  }
}
