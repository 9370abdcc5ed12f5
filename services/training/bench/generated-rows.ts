import { seededRandom } from "../src/learners/random.ts";
import type { LabelledTable } from "../src/learners/table.ts";

export const featureCount = 20;
/** Columns of which one value in ten is missing. */
const gappyColumns = [3, 11];

/**
 * Binary rows of twenty numbers: ten with straight effects, waves and interactions, ten of noise. The largest
 * reachable area under the curve is about 0.9, so that a weaker learner shows.
 */
export function generateRows(rowCount: number, seed: number): LabelledTable {
  const random = seededRandom(seed);
  const columns = Array.from({ length: featureCount }, (_, index) => ({
    type: "number" as const,
    name: `x${index}`,
    values: new Float32Array(rowCount),
  }));
  const values = new Float64Array(rowCount);
  const cell = new Float64Array(featureCount);
  for (let row = 0; row < rowCount; row++) {
    // The sum of three even numbers is close enough to a bell, and cheap.
    for (let index = 0; index < featureCount; index++) cell[index] = random() + random() + random() - 1.5;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0] = cell;
    const score =
      2 * a -
      1.5 * b +
      1.5 * Math.sin(4 * c) +
      (d > 0.3 ? 1.2 : -0.2) +
      3 * e * f +
      (g > 0 && h > 0 ? 1.5 : 0) +
      Math.abs(i) * j * 2;
    values[row] = random() < 1 / (1 + Math.exp(-1.2 * score)) ? 1 : 0;
    for (const [index, column] of columns.entries()) {
      const isMissing = gappyColumns.includes(index) && random() < 0.1;
      column.values[row] = isMissing ? Number.NaN : (cell[index] ?? 0);
    }
  }
  return { features: { rowCount, columns }, label: { task: "binary", classes: ["0", "1"], values } };
}
