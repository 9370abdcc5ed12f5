import { open } from "node:fs/promises";
import { tabularErrors } from "../errors.ts";
import type { Column, CsvOptions } from "../types.ts";
import { type Dialect, detectDialect } from "./csv-dialect.ts";
import { type CsvRecord, splitRecord } from "./csv-records.ts";

const FIRST_RECORD_MAX_BYTES = 2 << 20;
const SAMPLE_MAX_BYTES = 256 << 10;

/** How a CSV file is written and the fields of its first record, read here so that the engine guesses and renames nothing. */
export async function readBeginning(
  path: string,
  stated: CsvOptions,
  declared: readonly Column[],
): Promise<{ readonly dialect: Dialect; readonly first: string[] }> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(FIRST_RECORD_MAX_BYTES),
      0,
      FIRST_RECORD_MAX_BYTES,
      0,
    );
    const bytes = buffer.subarray(0, bytesRead);
    const text = bytes.toString("utf8");
    const start = text.startsWith("\uFEFF") ? 1 : 0;
    const dialect = detectDialect(text.slice(0, SAMPLE_MAX_BYTES), stated, declared);
    const record = splitRecord(text, start, dialect.delimiter, dialect.quote);
    const problem =
      record.lineEnd === undefined && bytesRead === FIRST_RECORD_MAX_BYTES
        ? `the first record is longer than ${FIRST_RECORD_MAX_BYTES} bytes.`
        : problemOf(record, bytes, text);
    if (problem !== undefined) throw tabularErrors.csvUnreadable(path, problem, { row: 1 });
    return { dialect, first: record.fields };
  } finally {
    await handle.close();
  }
}

/** What the engine would take for something else than it is, and lose rows or names without a word. */
function problemOf(
  { fields, end, lineEnd, quoted }: CsvRecord,
  bytes: Buffer,
  text: string,
): string | undefined {
  if (quoted) return "a quote of the first record is never closed.";
  const asWritten = Buffer.from(text.slice(0, end));
  if (!bytes.subarray(0, asWritten.length).equals(asWritten)) return "the first record is not UTF-8.";
  // The engine takes the first line end of the file for that of all records, also when it stands in quotes.
  const within = text.slice(0, end).match(/\r\n|\n|\r/g) ?? [];
  if (lineEnd !== undefined && within.some((other) => other !== lineEnd))
    return "a line break within quotes is of another kind than the end of the first record.";
  // SQL ends at a NUL, and the engine's client drops a byte order mark at the start of a text.
  const place = fields.findIndex((field) => field.includes("\0") || field.startsWith("\uFEFF"));
  return place < 0 ? undefined : `field ${place + 1} of the first record holds a NUL or a byte order mark.`;
}
