import { z } from "zod";

/** A reference to immutable bytes in the artifact store: the digest is their only name. */
export const ArtifactRef = z.object({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256:<64 lower-case hex digits>"),
  sizeBytes: z.int().nonnegative(),
  mediaType: z.string().min(1).max(200),
});

export type ArtifactRef = z.infer<typeof ArtifactRef>;

export const mediaTypes = {
  parquet: "application/vnd.apache.parquet",
  json: "application/json",
  html: "text/html; charset=utf-8",
  onnx: "application/onnx",
  text: "text/plain; charset=utf-8",
} as const;
