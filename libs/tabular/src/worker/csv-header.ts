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
    const start = buffer
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
    const record = splitRecord(start, options.delimiter ?? ",", options.quote ?? '"');
    if (record.complete || bytesRead < FIRST_RECORD_MAX_BYTES) return record.fields;
    throw tabularErrors.csvUnreadable(
      path,
      `the first record is longer than ${FIRST_RECORD_MAX_BYTES} bytes.`,
      1,
    );
  } finally {
    await handle.close();
  }
}

/** One record of CSV text: doubled quotes stand for one, line ends within quotes belong to the field. */
function splitRecord(
  text: string,
  delimiter: string,
  quote: string,
): { fields: string[]; complete: boolean } {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
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
    } else if (character === "\n" || character === "\r")
      return { fields: [...fields, field], complete: true };
    else field += character;
  }
  return { fields: [...fields, field], complete: false };
}
