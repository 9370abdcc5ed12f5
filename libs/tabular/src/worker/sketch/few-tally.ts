import { VARCHAR } from "@duckdb/node-api";
import type { ColumnSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Kernel } from "./kernel.ts";
import { KeyTable } from "./key-table.ts";
import type { Chunk, Tally } from "./tally.ts";
import { inOrderOfValues, readText } from "./text-values.ts";
import { wordsOf } from "./values-sql.ts";
import { closeVector, loadVector, openVector, textBytes } from "./vector-reader.ts";

/** Texts that are put in order. */
const ORDERED_MAX = 10_000;
// The halves of the largest and the smallest time but one, which stand for the infinities.
const MOST_HIGH = 0x7fff_ffff;
const MOST_LOW = 0xffff_ffff;
const LEAST_HIGH = -0x8000_0000;

/** Counts each value of a column; numbers by their bits, texts by their hash. */
export function openFewTally(kernel: Kernel, column: CanonicalColumn, valuesMax: number): Tally {
  const table = new KeyTable(kernel, valuesMax);
  const odd = kernel.take(3 * 8);
  const texts = new Map<bigint, { value: string; length: number }>();
  const isText = column.type === "string";
  let [nulls, count, fits] = [0, 0, true];

  const look = ({ chunk, rows }: Chunk, argument: number) => {
    if (!fits) return;
    const words = openVector(chunk, argument, rows);
    const text = isText ? openVector(chunk, argument + 1, rows, true) : undefined;
    const valid = (text ?? words).valid;
    const kept = loadVector(kernel, words, valid, rows, isText);
    nulls += rows - kept;
    count += kept;
    const finite = column.type === "number" ? kernel.run.keepFinite(kernel.values, kept, odd) : kept;
    fits = table.add(finite, (position) => {
      if (text === undefined) return;
      const row = valid === null ? position : (kernel.countsAt(kernel.rows, kept)[position] ?? 0);
      texts.set(kernel.wordsAt(kernel.values, kept)[position] ?? 0n, readText(textBytes(text, row)));
    });
    closeVector(words);
    if (text !== undefined) closeVector(text);
  };

  const textValues = () => {
    const found = table.entries().map(({ key, count: rows }) => {
      const { value, length } = texts.get(key) ?? { value: "", length: 0 };
      return { value, count: rows, length };
    });
    // More than these are a sample, whose order nobody looks at.
    return found.length > ORDERED_MAX ? found : found.sort(inOrderOfValues);
  };

  const numberValues = (counts: [number, number, number]) => {
    const { values, repeats } = table.numbers(numbersOf(column));
    const found: { value: number; count: number }[] = [];
    for (const [index, value] of values.entries()) {
      const rows = values[index - 1] === value ? 1 : 1 + (repeats.get(value) ?? 0);
      if (value === Number.POSITIVE_INFINITY) counts[1] += rows;
      else if (value === Number.NEGATIVE_INFINITY) counts[2] += rows;
      else found.push({ value, count: rows });
    }
    return found;
  };

  const finish = (): ColumnSketch | undefined => {
    if (!fits) return undefined;
    const [nan = 0, most = 0, least = 0] = kernel.doublesAt(odd, 3);
    const counts: [number, number, number] = [nan, most, least];
    const values = isText ? textValues() : numberValues(counts);
    return {
      name: column.name,
      type: column.type,
      nulls,
      count,
      odd: counts,
      content: { kind: "few", values },
    };
  };

  return {
    wants: isText ? [wordsOf(column), { sql: column.sql, type: VARCHAR }] : [wordsOf(column)],
    look,
    endGroup: () => {},
    finish,
  };
}

/** The number that a key stands for, of which the halves are given. */
function numbersOf({ type }: CanonicalColumn): (low: number, high: number) => number {
  const halves = new Uint32Array(2);
  const double = new Float64Array(halves.buffer);
  return (low, high) => {
    if (type === "number") {
      halves[0] = low;
      halves[1] = high;
      return double[0] ?? 0;
    }
    const signed = high | 0;
    if (type === "timestamp" && signed === MOST_HIGH && low === MOST_LOW) return Number.POSITIVE_INFINITY;
    if (type === "timestamp" && signed === LEAST_HIGH && low === 1) return Number.NEGATIVE_INFINITY;
    return signed * 2 ** 32 + low;
  };
}
