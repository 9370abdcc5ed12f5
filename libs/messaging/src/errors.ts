import { storable } from "./storable.ts";

/**
 * Thrown by a reaction or a job where trying again can never help: the event goes to the dead letters at
 * once, a job fails at once. A business "no" is an event instead.
 */
export class Reject extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Reject";
    this.code = code;
  }
}

const messagingErrorCodes = [
  "EVENT_TOO_LARGE",
  "EVENT_NOT_DECLARED",
  "EVENT_INVALID",
  "BROKER_TOO_OLD",
  "BROKER_CREDENTIALS_UNUSABLE",
  "BROKER_CREDENTIALS_REFUSED",
  "BROKER_TLS_FAILED",
  "CONNECTION_LOST",
  "WIRING_INVALID",
  "PUBLISH_FAILED",
] as const;
export type MessagingErrorCode = (typeof messagingErrorCodes)[number];

/** What can go wrong in the runtime itself. The message says what to do next. */
export class MessagingError extends Error {
  readonly code: MessagingErrorCode;

  constructor(code: MessagingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MessagingError";
    this.code = code;
  }
}

/** A description of any thrown value that is safe to store and to show. */
export function describeError(error: unknown): { name: string; code?: string; message: string } {
  const cut = (text: string, length: number) => storable(text.slice(0, length));
  if (!(error instanceof Error)) return { name: "Error", message: cut(String(error), 2000) };
  const code = "code" in error && typeof error.code === "string" ? cut(error.code, 200) : undefined;
  const message = cut(error.message, 4000) || error.name;
  return { name: cut(error.name, 200), message, ...(code === undefined ? {} : { code }) };
}
