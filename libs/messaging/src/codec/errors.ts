/** Why bytes from the broker are no CloudEvent that we accept. The codes are stable: dead letters carry them. */
export const malformedEventCodes = [
  "EVENT_TOO_LARGE",
  "EVENT_HEADERS_TOO_LARGE",
  "EVENT_TOO_DEEP",
  "EVENT_ENCODING_UNSUPPORTED",
  "EVENT_NOT_JSON",
  "EVENT_KEY_REPEATED",
  "EVENT_KEY_FORBIDDEN",
  "EVENT_NUMBER_UNSAFE",
  "EVENT_BATCH_UNSUPPORTED",
  "EVENT_FORMAT_UNSUPPORTED",
  "EVENT_CONTENT_TYPE_UNSUPPORTED",
  "EVENT_DATA_BASE64_UNSUPPORTED",
  "EVENT_HEADER_ENCODING_INVALID",
  "EVENT_SPECVERSION_UNSUPPORTED",
  "EVENT_ATTRIBUTE_MISSING",
  "EVENT_ATTRIBUTE_REPEATED",
  "EVENT_ATTRIBUTE_INVALID",
  "EVENT_SUBJECT_MISMATCH",
] as const;

export type MalformedEventCode = (typeof malformedEventCodes)[number];

/** A message that can never be handled: no retry helps, only another message from its sender. */
export class MalformedEventError extends Error {
  readonly code: MalformedEventCode;

  constructor(code: MalformedEventCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MalformedEventError";
    this.code = code;
  }
}

/** Text from outside as it may appear in a message: short, and without characters that steer terminals. */
export function quoted(text: string): string {
  const shortened = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(shortened.replaceAll(/\p{Cc}/gu, "�"));
}
