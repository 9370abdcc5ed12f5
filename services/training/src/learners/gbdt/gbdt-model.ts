import type { FeatureTable, Task } from "../table.ts";
import { encodeColumn, type FeatureEncoding } from "./feature-encoding.ts";
import type { Tree } from "./tree.ts";

/** A trained forest: per round one tree a class (one tree in all, unless the task is multiclass). */
export interface GbdtModel {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly encodings: readonly FeatureEncoding[];
  /** Scores before the first tree. */
  readonly baseScores: readonly number[];
  readonly rounds: readonly (readonly ClassTree[])[];
}

export interface ClassTree {
  readonly classIndex: number;
  readonly tree: Tree;
}

/** Raw scores, row by row: one a class for multiclass, otherwise one. */
export function scoreRows(model: GbdtModel, table: FeatureTable): Float64Array {
  const columns = model.encodings.map((encoding, index) => {
    const column = table.columns[index];
    if (!column || column.name !== encoding.name) {
      throw new TypeError(`Column ${encoding.name} is missing: columns must be the model's, in its order.`);
    }
    return encodeColumn(encoding, column);
  });
  const width = model.baseScores.length;
  const scores = new Float64Array(table.rowCount * width);
  for (let at = 0; at < scores.length; at++) scores[at] = model.baseScores[at % width] ?? 0;
  for (const { classIndex, tree } of model.rounds.flat()) {
    addTree(tree, columns, scores.subarray(classIndex), width);
  }
  return scores;
}

function addTree(tree: Tree, columns: readonly Float32Array[], scores: Float64Array, width: number): void {
  const { feature, threshold, missingLeft, left, right, value } = tree;
  for (let at = 0, row = 0; at < scores.length; at += width, row++) {
    let node = 0;
    for (let column = columns[feature[0] ?? -1]; column; column = columns[feature[node] ?? -1]) {
      const cell = column[row] ?? Number.NaN;
      const goesLeft = Number.isNaN(cell) ? missingLeft[node] === 1 : cell <= (threshold[node] ?? 0);
      node = (goesLeft ? left[node] : right[node]) ?? 0;
    }
    scores[at] = (scores[at] ?? 0) + (value[node] ?? 0);
  }
}
