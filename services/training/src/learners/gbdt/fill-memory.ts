import type { Label, LabelledTable } from "../table.ts";
import type { Crew } from "./crew.ts";
import { encodeColumn, type FeatureEncoding } from "./feature-encoding.ts";
import { blockBins, featureColumn, stagingRows } from "./memory-layout.ts";
import { chooseThresholds } from "./thresholds.ts";

/** Puts binned features, labels and base scores into the crew's memory; returns each column's thresholds. */
export function fillMemory(
  crew: Crew,
  encodings: readonly FeatureEncoding[],
  parts: readonly [train: LabelledTable, validation: LabelledTable],
  baseScores: readonly number[],
  classWeights: readonly number[] | undefined,
  random: () => number,
): Float32Array[] {
  const { layout, memory } = crew;
  const labels = new Float64Array(memory.buffer, layout.labels, layout.rows);
  labels.set(parts[0].label.values);
  labels.set(parts[1].label.values, layout.trainRows);
  if (classWeights) {
    const weights = new Float32Array(memory.buffer, layout.weights, layout.rows);
    labels.forEach((index, row) => {
      weights[row] = classWeights[index] ?? 1;
    });
  }
  baseScores.forEach((score, index) => {
    new Float64Array(memory.buffer, layout.scores + index * layout.scoreStride, layout.rows).fill(score);
  });
  const thresholds = encodings.map((encoding, feature) => {
    const values = parts.map(({ features }) => {
      const column = features.columns[feature];
      if (!column) throw new TypeError(`Column ${encoding.name} is not in both parts.`);
      return encodeColumn(encoding, column);
    });
    return fillFeature(crew, feature, values, random);
  });
  fillBlocks(crew);
  return thresholds;
}

/** Copies the columns of the training rows into blocks. */
function fillBlocks({ layout, first }: Crew): void {
  const { blockCount, stride, featureCount, trainRows, rows } = layout;
  for (let block = 0; block < blockCount; block++) {
    const feature = block * stride;
    const width = Math.min(stride, featureCount - feature);
    const target = blockBins(layout, block);
    first.kernel.interleave(featureColumn(layout, feature), rows, width, trainRows, target);
  }
}

function fillFeature(crew: Crew, feature: number, parts: Float32Array[], random: () => number): Float32Array {
  const { layout, memory, first } = crew;
  const [train = new Float32Array()] = parts;
  const thresholds = chooseThresholds(train, random);
  const table = new Float32Array(memory.buffer, layout.thresholds + feature * 1024, 256);
  table.fill(Number.POSITIVE_INFINITY);
  table.set(thresholds);
  new Int32Array(memory.buffer, layout.thresholdCounts)[feature] = thresholds.length;
  const staging = new Float32Array(memory.buffer, layout.staging, stagingRows);
  let row = 0;
  parts.forEach((values, part) => {
    for (let from = 0; from < values.length; from += stagingRows) {
      const stretch = values.subarray(from, from + stagingRows);
      staging.set(stretch);
      const place = table.byteOffset;
      const missing = first.kernel.binValues(
        layout.staging,
        stretch.length,
        place,
        thresholds.length,
        featureColumn(layout, feature) + row,
      );
      if (part === 0 && missing === 1) new Int32Array(memory.buffer, layout.hasMissing)[feature] = 1;
      row += stretch.length;
    }
  });
  return thresholds;
}

/** A column helps when it has a threshold, or is missing in some rows and present in others. */
export function informativeFeatures(crew: Crew, thresholds: readonly Float32Array[]): boolean[] {
  const { layout, memory } = crew;
  const hasMissing = new Int32Array(memory.buffer, layout.hasMissing, layout.featureCount);
  return thresholds.map((own, feature) => {
    if (own.length > 0) return true;
    if (hasMissing[feature] !== 1) return false;
    return new Uint8Array(memory.buffer, featureColumn(layout, feature), layout.trainRows).includes(0);
  });
}

/** The best constant score: mean, log-odds, or log share of each class, by what the rows of each class count. */
export function baseScoresOf(
  { task, classes, values }: Label,
  classWeights: readonly number[] | undefined,
): number[] {
  if (task === "regression") return [values.reduce((sum, value) => sum + value, 0) / values.length];
  const counts = new Float64Array(classes.length);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  const sums = counts.map((count, index) => count * (classWeights?.[index] ?? 1));
  if (task === "binary") return [Math.log((sums[1] ?? 0) / (sums[0] ?? 0))];
  const total = sums.reduce((sum, own) => sum + own, 0);
  // Half a row for a class that only the validation part has keeps the logarithm finite.
  return Array.from(sums, (own) => Math.log(Math.max(own, 0.5) / total));
}
