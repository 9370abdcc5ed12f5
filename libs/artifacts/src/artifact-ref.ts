import { artifactErrors } from "./errors.ts";

/** A reference to stored bytes: it travels in events, the bytes do not. */
export type ArtifactRef = {
  /** "sha256:" and 64 lower-case hexadecimal digits. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
};

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** The hexadecimal part of a digest: the only text from outside that ever becomes part of a path. */
export function hexOf(digest: string): string {
  const hex = typeof digest === "string" ? DIGEST.exec(digest)?.[1] : undefined;
  // `$` also matches before a final line break in other dialects; here it does not, but the length is cheap to check.
  if (hex === undefined || digest.length !== 71) throw artifactErrors.digestInvalid(digest);
  return hex;
}
