import type { GbdtModel } from "./gbdt-model.ts";

export interface ColumnImportance {
  readonly column: string;
  /** By how much the column's splits lowered the training loss in total. */
  readonly gain: number;
  /** How often a tree asks for the column. */
  readonly splits: number;
}

/** The list travels with the model; what comes after so many columns is next to nothing. */
const columnsMax = 200;

/** What the trees made of each column, the most important first; columns of equal gain in their own order. */
export function columnImportance({ encodings, rounds }: GbdtModel): ColumnImportance[] {
  const gains = new Float64Array(encodings.length);
  const splits = new Uint32Array(encodings.length);
  for (const { tree } of rounds.flat()) {
    tree.feature.forEach((feature, node) => {
      if (feature < 0) return;
      gains[feature] = (gains[feature] ?? 0) + (tree.gain[node] ?? 0);
      splits[feature] = (splits[feature] ?? 0) + 1;
    });
  }
  return encodings
    .map(({ name }, index) => ({ column: name, gain: gains[index] ?? 0, splits: splits[index] ?? 0 }))
    .sort((a, b) => b.gain - a.gain)
    .slice(0, columnsMax);
}
