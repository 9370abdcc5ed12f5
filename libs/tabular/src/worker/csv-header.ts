import { open } from "node:fs/promises";
import { tabularErrors } from "../errors.ts";
import type { CsvOptions } from "../types.ts";

const FIRST_RECORD_MAX_BYTES = 2 << 20;

/** The fields of the first record of a CSV file, read here so that nothing about them is guessed or renamed. */
export async function readFirstRecord(path: string, options: CsvOptions): Promise<string[]> {
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
    const record = splitRecord(text, start, options.delimiter ?? ",", options.quote ?? '"');
    const problem =
      record.lineEnd === undefined && bytesRead === FIRST_RECORD_MAX_BYTES
        ? `the first record is longer than ${FIRST_RECORD_MAX_BYTES} bytes.`
        : problemOf(record, bytes, text);
    if (problem !== undefined) throw tabularErrors.csvUnreadable(path, problem, 1);
    return record.fields;
  } finally {
    await handle.close();
  }
}

type FirstRecord = {
  readonly fields: string[];
  /** Where the record ends in the text. */
  readonly end: number;
  /** Undefined where the text ends first. */
  readonly lineEnd: string | undefined;
  /** Whether a quote was still open there. */
  readonly quoted: boolean;
};

/** One record of CSV text: doubled quotes stand for one, line ends within quotes belong to the field. */
function splitRecord(text: string, start: number, delimiter: string, quote: string): FirstRecord {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === quote) {
      if (quoted && text[at + 1] === quote) {
        field += quote;
        at++;
      } else quoted = !quoted;
    } else if (quoted) field += character;
    else if (text.startsWith(delimiter, at)) {
      fields.push(field);
      field = "";
      at += delimiter.length - 1;
    } else if (character === "\n" || character === "\r") {
      const lineEnd = text.startsWith("\r\n", at) ? "\r\n" : character;
      return { fields: [...fields, field], end: at, lineEnd, quoted };
    } else field += character;
  }
  return { fields: [...fields, field], end: text.length, lineEnd: undefined, quoted };
}

/** What the engine would take for something else than it is, and lose rows or names without a word. */
function problemOf(
  { fields, end, lineEnd, quoted }: FirstRecord,
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
