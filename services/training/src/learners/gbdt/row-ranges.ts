import type { Crew } from "./crew.ts";
import { share, step, word } from "./crew-member.ts";

/** How a leaf is divided. */
export interface RowSplit {
  readonly start: number;
  readonly end: number;
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: number;
}

/**
 * Sorts the leaf's range of the row index into left and right rows, both in their old order, and returns
 * where the right ones begin. Each member sorts its share; the shares are then laid one after the other,
 * so the result does not depend on how many there were.
 */
export function splitRows(crew: Crew, { start, end, feature, bin, missingLeft }: RowSplit): number {
  const { layout, memory, first } = crew;
  const members = crew.perform(step.partition, (end - start) / 8, start, end, feature, bin, missingLeft);
  const rowIndex = new Uint32Array(memory.buffer, layout.rowIndex, layout.trainRows);
  const spare = new Uint32Array(memory.buffer, layout.spareIndex, layout.trainRows);
  let write = start;
  for (let member = 0; member < members; member++) {
    const [from] = share(start, end, member, members);
    const left = first.control[word.leftCount + member] ?? 0;
    if (write !== from) rowIndex.copyWithin(write, from, from + left);
    write += left;
  }
  const middle = write;
  for (let member = 0; member < members; member++) {
    const [from, to] = share(start, end, member, members);
    const right = to - from - (first.control[word.leftCount + member] ?? 0);
    rowIndex.set(spare.subarray(from, from + right), write);
    write += right;
  }
  return middle;
}
