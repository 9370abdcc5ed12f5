import { pipeline, Readable } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { IngestionError, ingestionErrors } from "../errors.ts";

export interface UnpackOptions {
  readonly uri: string;
  /** How many bytes may come out at most. */
  readonly bytesLeft: number;
  readonly bytesMax: number;
  /** How many bytes may come out for each that goes in. */
  readonly ratioMax: number;
}

type Bytes = AsyncIterable<Uint8Array>;

/** The longest window of a Zstandard frame, as of its own command: what a frame may make us keep in memory. */
const zstdWindowLogMax = 27;

/** A few bytes may well stand for many; what matters is when many do. */
const ratioMattersFromBytes = 16 * 1024 ** 2;

/**
 * The bytes of a file, unpacked where they begin as gzip or Zstandard do: no table begins like that, and what a
 * name or a header says of it is often wrong. Counts what comes out, and stops at the limits.
 */
export async function* unpack(packed: Bytes, options: UnpackOptions): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  let bytesOut = 0;
  const counted = count(packed, (bytes) => {
    bytesIn += bytes;
  });
  const { beginning, all } = await peek(counted, 4);
  const unpacker = unpackerFor(beginning);
  const out: Bytes = unpacker === undefined ? all : through(all, unpacker.stream);
  try {
    for await (const chunk of out) {
      bytesOut += chunk.byteLength;
      if (bytesOut > options.bytesLeft) throw ingestionErrors.tooLarge(options.uri, options.bytesMax);
      if (bytesOut > ratioMattersFromBytes && bytesOut > bytesIn * options.ratioMax)
        throw ingestionErrors.packedTooMuch(options.uri, options.ratioMax);
      yield chunk;
    }
  } catch (error) {
    if (unpacker === undefined || error instanceof IngestionError || !isOfZlib(error)) throw error;
    throw ingestionErrors.compressionUnreadable(options.uri, unpacker.name, error);
  }
}

function unpackerFor(beginning: Uint8Array) {
  const hex = Buffer.from(beginning).toString("hex");
  if (hex.startsWith("1f8b")) return { name: "gzip", stream: createGunzip() };
  if (hex !== "28b52ffd") return undefined;
  const params = { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax };
  return { name: "Zstandard", stream: createZstdDecompress({ params }) };
}

function through(bytes: Bytes, stream: NodeJS.ReadWriteStream): Bytes {
  // The error, if there is one, is thrown to the reader of the stream.
  return pipeline(Readable.from(bytes, { objectMode: false }), stream, () => undefined) as unknown as Bytes;
}

async function* count(bytes: Bytes, add: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    add(chunk.byteLength);
    yield chunk;
  }
}

/** The first bytes, and a stream of all. */
async function peek(bytes: AsyncGenerator<Uint8Array>, length: number) {
  const first: Uint8Array[] = [];
  let found = 0;
  while (found < length) {
    const { value, done } = await bytes.next();
    if (done === true) break;
    first.push(value);
    found += value.byteLength;
  }
  const all = async function* () {
    yield* first;
    yield* bytes;
  };
  return { beginning: Buffer.concat(first).subarray(0, length), all: all() };
}

function isOfZlib(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^(Z_|ZSTD_|ERR_ZSTD|ERR_BUFFER_TOO_LARGE)/u.test(code);
}
