import { VARCHAR } from "@duckdb/node-api";
import type { ColumnSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Kernel } from "./kernel.ts";
import { KeyTable } from "./key-table.ts";
import type { Chunk, Tally } from "./tally.ts";
import { compareTexts, readText } from "./text-values.ts";
import { wordsOf } from "./values-sql.ts";
import { closeVector, loadVector, openVector, textBytes } from "./vector-reader.ts";

const ENDLESS = 2n ** 63n - 1n;

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

  const finish = (): ColumnSketch | undefined => {
    if (!fits) return undefined;
    const [nan = 0, most = 0, least = 0] = kernel.doublesAt(odd, 3);
    const counts: [number, number, number] = [nan, most, least];
    const values: { value: number | string; count: number; length?: number }[] = [];
    const numberOf = numbersOf(column);
    for (const entry of table.entries()) {
      if (isText) values.push({ ...(texts.get(entry.key) ?? { value: "", length: 0 }), count: entry.count });
      else {
        const value = numberOf(entry.key);
        if (value === Number.POSITIVE_INFINITY) counts[1] += entry.count;
        else if (value === Number.NEGATIVE_INFINITY) counts[2] += entry.count;
        else values.push({ value, count: entry.count });
      }
    }
    values.sort((a, b) =>
      isText ? compareTexts(String(a.value), String(b.value)) : Number(a.value) - Number(b.value),
    );
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

/** The number that a key stands for. */
function numbersOf({ type }: CanonicalColumn): (key: bigint) => number {
  const view = new DataView(new ArrayBuffer(8));
  return (key) => {
    view.setBigUint64(0, key);
    if (type === "number") return view.getFloat64(0);
    const whole = view.getBigInt64(0);
    if (type === "timestamp" && (whole === ENDLESS || whole === -ENDLESS))
      return whole > 0n ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return Number(whole);
  };
}
