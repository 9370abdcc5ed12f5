/** Every way in which a store can refuse or fail. */
export const ArtifactErrorCode = {
  missing: "ARTIFACT_MISSING",
  digestMismatch: "ARTIFACT_DIGEST_MISMATCH",
  digestInvalid: "ARTIFACT_DIGEST_INVALID",
  storeFull: "ARTIFACT_STORE_FULL",
  targetFull: "ARTIFACT_TARGET_FULL",
  storeUnavailable: "ARTIFACT_STORE_UNAVAILABLE",
  urlUnsupported: "ARTIFACT_URL_UNSUPPORTED",
  sourceRefused: "ARTIFACT_SOURCE_REFUSED",
  tooLarge: "ARTIFACT_TOO_LARGE",
  jsonInvalid: "ARTIFACT_JSON_INVALID",
  cancelled: "ARTIFACT_CANCELLED",
} as const;
export type ArtifactErrorCode = (typeof ArtifactErrorCode)[keyof typeof ArtifactErrorCode];

/** An artifact or its store is not usable; `code` is stable, the message says what to do next. */
export class ArtifactError extends Error {
  readonly code: ArtifactErrorCode;

  constructor(code: ArtifactErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ArtifactError";
    this.code = code;
  }
}

export const artifactErrors = {
  missing: (digest: string) =>
    new ArtifactError(
      "ARTIFACT_MISSING",
      `The artifact ${digest} is not in the store. Check that writer and reader use the same artifact store, and restore it from a backup if it was lost.`,
    ),
  digestMismatch: (expected: string, found: string) =>
    new ArtifactError(
      "ARTIFACT_DIGEST_MISMATCH",
      `The artifact ${expected} holds other bytes (${found}). It was damaged or exchanged: do not use it, restore it from a backup.`,
    ),
  digestInvalid: (digest: unknown) =>
    new ArtifactError(
      "ARTIFACT_DIGEST_INVALID",
      `${JSON.stringify(digest)?.slice(0, 100)} is not a digest. It must be "sha256:" and 64 hexadecimal digits in lower case.`,
    ),
  storeFull: (folder: string, cause: unknown) =>
    new ArtifactError(
      "ARTIFACT_STORE_FULL",
      `The artifact store ${folder} is full. Free space there, then try again.`,
      { cause },
    ),
  targetFull: (folder: string, cause: unknown) =>
    new ArtifactError(
      "ARTIFACT_TARGET_FULL",
      `The folder ${folder} is full. Free space there, then try again.`,
      { cause },
    ),
  storeUnavailable: (folder: string, cause: unknown) =>
    new ArtifactError(
      "ARTIFACT_STORE_UNAVAILABLE",
      `The artifact store ${folder} cannot be used (${cause instanceof Error ? cause.message : cause}). Check that it is mounted and that this user may read and write it.`,
      { cause },
    ),
  urlUnsupported: (url: string, cause?: unknown) =>
    new ArtifactError(
      "ARTIFACT_URL_UNSUPPORTED",
      `"${url}" is not an artifact store that this version can open. Use file:///an/absolute/path; S3 will come through the same interface.`,
      { cause },
    ),
  sourceRefused: (path: string, why: string, cause?: unknown) =>
    new ArtifactError(
      "ARTIFACT_SOURCE_REFUSED",
      `${path} was not stored: ${why}. Only a regular file with a single name is accepted, because links and devices can lead to bytes that were not meant.`,
      { cause },
    ),
  tooLarge: (digest: string, sizeBytes: number, maxBytes: number) =>
    new ArtifactError(
      "ARTIFACT_TOO_LARGE",
      `The artifact ${digest} has ${sizeBytes} bytes, more than the ${maxBytes} that its reader takes into memory. Fetch it to a file, or raise maxBytes.`,
    ),
  jsonInvalid: (what: string, why: string, cause?: unknown) =>
    new ArtifactError("ARTIFACT_JSON_INVALID", `${what} is not the JSON that was expected: ${why}`, {
      cause,
    }),
  cancelled: (cause: unknown) =>
    new ArtifactError(
      "ARTIFACT_CANCELLED",
      "The copy was cancelled by its caller; nothing was left behind.",
      { cause },
    ),
};
