import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { tabularErrors } from "../errors.ts";
import type { CsvEncoding } from "../types.ts";

/** Writes a CSV file again as UTF-8 where it is not UTF-8 already; gives the path of what is to be read. */
export async function asUtf8(path: string, stated: CsvEncoding | undefined, target: string): Promise<string> {
  const encoding = stated ?? (await encodingByMark(path));
  if (encoding === "utf-8") return path;
  await pipeline(
    createReadStream(path),
    (chunks: AsyncIterable<Buffer>) => decode(path, encoding, chunks),
    createWriteStream(target, { flags: "wx", mode: 0o600 }),
  );
  return target;
}

/** Without a mark nothing is guessed: a file that is no UTF-8 is refused, as a wrong guess would change its texts. */
async function encodingByMark(path: string): Promise<CsvEncoding> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const mark = buffer.subarray(0, bytesRead).toString("hex");
    // The mark of UTF-32 begins as that of UTF-16 does.
    if (mark.startsWith("fffe") && mark !== "fffe0000") return "utf-16le";
    return mark.startsWith("feff") ? "utf-16be" : "utf-8";
  } finally {
    await handle.close();
  }
}

async function* decode(
  path: string,
  encoding: CsvEncoding,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  const refuse = () =>
    tabularErrors.csvUnreadable(path, `from this line on the file is not ${encoding}.`, { row: lines });
  const read = (chunk?: Buffer) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw refuse();
    }
  };
  for await (const chunk of chunks) {
    // In small pieces, so that the line that is named is near the bytes that are wrong.
    for (let at = 0; at < chunk.length; at += 1024) {
      const text = read(chunk.subarray(at, at + 1024));
      lines += text.split("\n").length - 1;
      yield text;
    }
  }
  yield read();
}
