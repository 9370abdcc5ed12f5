import { BIGINT } from "@duckdb/node-api";
import type { ColumnSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { TextsPlan } from "./column-plan.ts";
import type { Kernel } from "./kernel.ts";
import { KeyTable } from "./key-table.ts";
import { encodeRegisters, REGISTERS } from "./registers.ts";
import type { Chunk, Tally } from "./tally.ts";
import { compareTexts } from "./text-values.ts";
import { wordsOf } from "./values-sql.ts";
import { closeVector, loadVector, openVector } from "./vector-reader.ts";

/** Looks at a column with many texts; the engine says which are the first and the last (`bounds`). */
export function openTextsTally(
  kernel: Kernel,
  column: CanonicalColumn,
  plan: TextsPlan,
  bounds: () => { readonly min: string; readonly max: string },
): Tally {
  const registers = kernel.take(REGISTERS);
  const lengths = kernel.take(3 * 8);
  kernel.doublesAt(lengths, 3).set([0, Number.POSITIVE_INFINITY, 0]);
  const known = new KeyTable(kernel, plan.frequent.length);
  kernel.wordsAt(kernel.values, plan.frequent.length).set(plan.frequent.map(({ key }) => key));
  known.add(plan.frequent.length, () => {});
  let [nulls, count] = [0, 0];

  const look = ({ chunk, rows }: Chunk, argument: number) => {
    const sizes = openVector(chunk, argument + 1, rows);
    const kept = loadVector(kernel, sizes, sizes.valid, rows);
    nulls += rows - kept;
    count += kept;
    kernel.run.addLengths(kernel.values, kept, lengths);
    const keys = openVector(chunk, argument, rows);
    loadVector(kernel, keys, sizes.valid, rows);
    closeVector(sizes);
    closeVector(keys);
    kernel.run.addDistinct(kernel.values, kept, registers);
    if (plan.frequent.length > 0) known.addKnown(kept);
  };

  const finish = (): ColumnSketch => {
    const [sum = 0, min = 0, max = 0] = kernel.doublesAt(lengths, 3);
    // Each was put into the table once before any was counted.
    const counts = new Map(known.entries().map((entry) => [entry.key, entry.count - 1]));
    const frequent = plan.frequent.map(({ key, value, length }) => ({
      value,
      count: counts.get(key) ?? 0,
      length,
    }));
    return {
      name: column.name,
      type: column.type,
      nulls,
      count,
      odd: [0, 0, 0],
      content: {
        kind: "texts",
        registers: encodeRegisters(kernel.bytes.subarray(registers, registers + REGISTERS)),
        ...bounds(),
        lengths: { sum, min, max },
        frequent: frequent.sort((a, b) => b.count - a.count || compareTexts(a.value, b.value)),
        patterns: plan.patterns,
      },
    };
  };

  return {
    wants: [wordsOf(column), { sql: `length(${column.sql})`, type: BIGINT }],
    look,
    endGroup: () => {},
    finish,
  };
}
