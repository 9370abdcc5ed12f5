import type { Column, ColumnType, CsvOptions } from "../types.ts";
import { splitRecords } from "./csv-records.ts";

/** How one CSV file is written. */
export type Dialect = { readonly delimiter: string; readonly quote: string; readonly header: boolean };

const DELIMITERS = [",", ";", "\t", "|"] as const;
const QUOTES = ['"', "'"] as const;
const RECORDS_MAX = 100;

/**
 * Finds how a file is written from its beginning; what is stated is taken as it is. The header has the first word:
 * a pipeline declares the names of its columns, and the delimiter that shows most of them is the right one. Without
 * such names all records must have as many fields as the first. Where nothing speaks for another way it is a comma.
 */
export function detectDialect(sample: string, stated: CsvOptions, declared: readonly Column[]): Dialect {
  const names = new Set(declared.map((column) => column.name));
  const start = sample.startsWith("\uFEFF") ? 1 : 0;
  const quotes = stated.quote === undefined ? quotesIn(sample, start) : [stated.quote];
  const delimiters = stated.delimiter === undefined ? DELIMITERS : [stated.delimiter];
  const ways = quotes.flatMap((quote) =>
    delimiters.map((delimiter) => look(sample, start, { delimiter, quote }, names)),
  );
  const best = ways.reduce((found, way) => (isBetter(way, found) ? way : found));
  const { delimiter, quote, first, named } = best;
  return { delimiter, quote, header: stated.header ?? (named > 0 || !isData(first, declared)) };
}

type Way = {
  readonly delimiter: string;
  readonly quote: string;
  readonly first: readonly string[];
  readonly named: number;
  readonly even: boolean;
};

/** Single quotes are only thought of where a file begins with one, as otherwise every apostrophe would count. */
function quotesIn(sample: string, start: number): readonly string[] {
  return sample[start] === "'" && !sample.includes('"') ? [...QUOTES].reverse() : [QUOTES[0]];
}

function look(
  sample: string,
  start: number,
  { delimiter, quote }: Pick<Dialect, "delimiter" | "quote">,
  names: ReadonlySet<string>,
): Way {
  const records = splitRecords(sample, start, delimiter, quote, RECORDS_MAX).map(({ fields }) => fields);
  const first = records[0] ?? [];
  // An empty line between records is no record.
  const others = records.slice(1).filter((fields) => fields.length > 1 || fields[0] !== "");
  return {
    delimiter,
    quote,
    first,
    named: new Set(first.filter((field) => names.has(field))).size,
    even: first.length > 1 && others.every((fields) => fields.length === first.length),
  };
}

function isBetter(way: Way, than: Way): boolean {
  if (way.named !== than.named) return way.named > than.named;
  if (way.even !== than.even) return way.even;
  return way.first.length > than.first.length;
}

/**
 * Whether a first record is a row and no header: it has as many fields as there are declared columns, each is of the
 * type of its column, and at least one is of a type that no name could be.
 */
function isData(first: readonly string[], declared: readonly Column[]): boolean {
  if (first.length !== declared.length) return false;
  const typed = declared.filter((column, index) => column.type !== "string" && first[index] !== "");
  return typed.length > 0 && declared.every((column, index) => couldBe(first[index] ?? "", column.type));
}

const FORMS: Readonly<Record<ColumnType, RegExp>> = {
  boolean: /^(true|false)$/i,
  integer: /^[+-]?\d{1,19}$/,
  number: /^[+-]?(\d+[.]?\d*|[.]\d+)(e[+-]?\d+)?$/i,
  string: /^/,
  timestamp: /^\d{4}-\d{1,2}-\d{1,2}([T ].*)?$/,
};

function couldBe(field: string, type: ColumnType): boolean {
  return field === "" || FORMS[type].test(field);
}
