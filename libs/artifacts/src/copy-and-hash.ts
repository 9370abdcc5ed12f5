import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { artifactErrors } from "./errors.ts";

const CHUNK_BYTES = 1 << 20;

export type Copied = { readonly digest: string; readonly sizeBytes: number };

/** Hashes a file from its start, handing each chunk on; stops after `maxBytes + 1`, which no honest copy reaches. */
export async function hashWhile(
  source: FileHandle,
  take: (chunk: Uint8Array) => Promise<void> | void,
  {
    maxBytes = Number.POSITIVE_INFINITY,
    signal,
  }: { maxBytes?: number; signal?: AbortSignal | undefined } = {},
): Promise<Copied> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let sizeBytes = 0;
  while (sizeBytes <= maxBytes) {
    if (signal?.aborted) throw artifactErrors.cancelled(signal.reason);
    const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES, sizeBytes);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await take(chunk);
    sizeBytes += bytesRead;
  }
  return { digest: `sha256:${hash.digest("hex")}`, sizeBytes };
}

/** Writes all bytes of a chunk; a single write may take only a part of it. */
export async function writeAll(target: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await target.write(chunk, done, chunk.length - done)).bytesWritten;
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
