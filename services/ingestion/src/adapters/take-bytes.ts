import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ingestionErrors } from "../errors.ts";
import { unpack } from "./unpack.ts";

export interface Taken {
  /** What arrived: its size and digest are what its sender knows. */
  readonly sizeBytes: number;
  readonly digest: string;
  /** What it was unpacked to. */
  readonly unpackedBytes: number;
}

export interface TakeOptions {
  readonly uri: string;
  readonly target: string;
  /** What is left of the bytes that one batch may have. */
  readonly bytesLeft: number;
  readonly bytesMax: number;
  readonly ratioMax: number;
  /** How many bytes the source says that there are. It is only told: what arrives is what counts. */
  readonly expectedBytes?: number | undefined;
  /** Told how many bytes have arrived, with every piece, and how many are expected. */
  readonly arrived?: (bytes: number, expected?: number) => void;
  readonly signal: AbortSignal;
}

/** Copies bytes into a file of ours, counts and hashes them on the way and unpacks them; stops at the limits. */
export async function takeBytes(source: Readable, options: TakeOptions): Promise<Taken> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let unpackedBytes = 0;
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > options.bytesLeft) throw ingestionErrors.tooLarge(options.uri, options.bytesMax);
        hash.update(chunk);
        options.arrived?.(sizeBytes, options.expectedBytes);
        yield chunk;
      }
    },
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of unpack(chunks, options)) {
        unpackedBytes += chunk.byteLength;
        yield chunk;
      }
    },
    createWriteStream(options.target, { flags: "wx", mode: 0o600 }),
    { signal: options.signal },
  );
  return { sizeBytes, digest: `sha256:${hash.digest("hex")}`, unpackedBytes };
}
