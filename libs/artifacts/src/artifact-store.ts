import type { ZodType } from "zod";
import type { ArtifactRef } from "./artifact-ref.ts";

/**
 * Immutable bytes, named by what they are. Writing the same bytes twice keeps the first copy; every read
 * recomputes the digest, so that what is used is what was referred to.
 */
export type ArtifactStore = {
  /** Stores a regular file that has only one name. */
  putFile(path: string, mediaType: string, options?: { signal?: AbortSignal }): Promise<ArtifactRef>;
  putBytes(bytes: Uint8Array, mediaType: string): Promise<ArtifactRef>;
  /** Stores a value as JSON with sorted keys, so that equal values have equal digests. */
  putJson(value: unknown): Promise<ArtifactRef>;
  /** Copies the artifact into a folder under its hexadecimal digest and returns the path of the copy. */
  fetchToFile(ref: ArtifactRef, directory: string, options?: { signal?: AbortSignal }): Promise<string>;
  readBytes(ref: ArtifactRef, limits: { maxBytes: number }): Promise<Uint8Array>;
  readJson<T>(ref: ArtifactRef, schema: ZodType<T>, limits: { maxBytes: number }): Promise<T>;
  has(digest: string): Promise<boolean>;
  /** For readiness: throws ARTIFACT_STORE_UNAVAILABLE or ARTIFACT_STORE_FULL unless a file can be written. */
  check(): Promise<void>;
};
