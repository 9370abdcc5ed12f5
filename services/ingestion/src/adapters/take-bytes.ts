import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ingestionErrors } from "../errors.ts";

export interface Taken {
  readonly sizeBytes: number;
  readonly digest: string;
}

export interface TakeOptions {
  readonly uri: string;
  readonly target: string;
  /** What is left of the bytes that one batch may have. */
  readonly bytesLeft: number;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
}

/** Copies bytes into a file of ours and counts and hashes them on the way; stops at the limit. */
export async function takeBytes(source: Readable, options: TakeOptions): Promise<Taken> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > options.bytesLeft) throw ingestionErrors.tooLarge(options.uri, options.bytesMax);
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(options.target, { flags: "wx", mode: 0o600 }),
    { signal: options.signal },
  );
  return { sizeBytes, digest: `sha256:${hash.digest("hex")}` };
}
