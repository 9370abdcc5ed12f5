export type CsvRecord = {
  readonly fields: string[];
  /** Where the record ends in the text. */
  readonly end: number;
  /** Undefined where the text ends first. */
  readonly lineEnd: string | undefined;
  /** Whether a quote was still open there. */
  readonly quoted: boolean;
};

/** One record of CSV text: doubled quotes stand for one, line ends within quotes belong to the field. */
export function splitRecord(text: string, start: number, delimiter: string, quote: string): CsvRecord {
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

/** The first records of a text that may be cut off: one without a line end is only taken where there is no other. */
export function splitRecords(
  text: string,
  start: number,
  delimiter: string,
  quote: string,
  max: number,
): CsvRecord[] {
  const records: CsvRecord[] = [];
  let at = start;
  while (records.length < max && at < text.length) {
    const record = splitRecord(text, at, delimiter, quote);
    if (record.lineEnd === undefined && records.length > 0) break;
    records.push(record);
    at = record.end + (record.lineEnd?.length ?? 0);
  }
  return records;
}
