import { type ColumnValues, loadModel } from "@cascade/onnx";
import type { Predictions } from "../predictions.ts";
import type { FeatureTable } from "../table.ts";

/** The columns as a caller of the model would give them. */
export function modelColumns(table: FeatureTable): Record<string, ColumnValues> {
  return Object.fromEntries(
    table.columns.map((column) => [
      column.name,
      column.type === "number"
        ? column.values
        : Array.from(column.codes, (code) => column.categories[code] ?? null),
    ]),
  );
}

/**
 * Runs an exported model and returns the largest difference to the learner's own answers: absolute for
 * shares, relative to the largest prediction for a regression, because float32 sums round at the size of
 * their terms. A NaN on either side counts as infinitely different.
 */
export async function largestDifference(
  onnx: Uint8Array,
  table: FeatureTable,
  own: Predictions,
): Promise<number> {
  const model = await loadModel(onnx, { intraOpThreads: 1 });
  try {
    const outputs = await model.run(modelColumns(table), table.rowCount);
    const answers = outputs.probabilities ?? outputs.prediction;
    if (answers?.data.length !== own.values.length) return Number.POSITIVE_INFINITY;
    const largest = own.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const scale = own.width === 1 ? largest : 1;
    let worst = 0;
    own.values.forEach((value, at) => {
      const difference = Math.abs(Number(answers.data[at]) - value) / scale;
      worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    });
    return worst;
  } finally {
    await model.release();
  }
}
