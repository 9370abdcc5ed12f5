import type { ColumnSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import { openCellGrid } from "./cell-grid.ts";
import type { NumbersPlan } from "./column-plan.ts";
import { openGroupMoments } from "./group-moments.ts";
import type { Kernel } from "./kernel.ts";
import { encodeRegisters, REGISTERS } from "./registers.ts";
import type { Chunk, Tally } from "./tally.ts";
import { wordsOf } from "./values-sql.ts";
import { closeVector, loadVector, openVector } from "./vector-reader.ts";

/** Looks at a column with many numbers: moments, cells, distinct values. */
export function openNumbersTally(
  kernel: Kernel,
  column: CanonicalColumn,
  { pivot, edges }: NumbersPlan,
): Tally {
  const { run, values } = kernel;
  const odd = kernel.take(3 * 8);
  const registers = kernel.take(REGISTERS);
  const cells = openCellGrid(kernel, edges);
  const moments = openGroupMoments(kernel, pivot);
  const isDouble = column.type === "number";
  const doubles = isDouble ? values : kernel.doubles;
  let [nulls, count] = [0, 0];

  const look = ({ chunk, rows, group }: Chunk, argument: number) => {
    const vector = openVector(chunk, argument, rows);
    const kept = loadVector(kernel, vector, vector.valid, rows);
    closeVector(vector);
    nulls += rows - kept;
    count += kept;
    if (!isDouble) run.toDoubles(values, doubles, kept, column.type === "timestamp");
    const finite = run.keepFinite(doubles, kept, odd);
    run.addDistinct(values, isDouble ? finite : kept, registers);
    moments.add(doubles, finite, group);
    cells.add(doubles, finite);
  };

  const finish = (): ColumnSketch => {
    const [nan = 0, most = 0, least = 0] = kernel.doublesAt(odd, 3);
    return {
      name: column.name,
      type: column.type,
      nulls,
      count,
      odd: [nan, most, least],
      content: {
        kind: "numbers",
        registers: encodeRegisters(kernel.bytes.subarray(registers, registers + REGISTERS)),
        ...moments.total,
        pivot,
        edges,
        counts: cells.counts(),
      },
    };
  };

  return { wants: [wordsOf(column)], look, endGroup: moments.endGroup, finish };
}
