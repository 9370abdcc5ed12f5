import { seededRandom } from "../random.ts";
import type { FeatureColumn, LabelledTable, Task } from "../table.ts";

export interface GeneratedTable extends LabelledTable {
  /** What an all-knowing predictor would say: the mean, or the shares of the classes, row by row. */
  readonly ideal: Float64Array;
}

const cities = ["Oslo", "Rome", "Łódź", "São Paulo", "Kyoto", "Quito", "Accra", "Perth"];
const cityEffects = [-1.2, 0.9, 0.1, -0.4, 1.4, -0.9, 0.5, 0];

/**
 * Rows with known truth: a straight effect, a wave, an interaction, a city, a value whose absence means
 * something, and a column of noise.
 */
export function generateTable(task: Task, rowCount: number, seed: number): GeneratedTable {
  const random = seededRandom(seed);
  const names = ["slope", "wave", "sometimes", "noise"] as const;
  const numbers = names.map((name) => ({
    type: "number" as const,
    name,
    values: new Float32Array(rowCount),
  }));
  const codes = new Int32Array(rowCount);
  const values = new Float64Array(rowCount);
  const classes = task === "regression" ? [] : task === "binary" ? ["no", "yes"] : ["high", "low", "middle"];
  const width = Math.max(1, classes.length);
  const ideal = new Float64Array(rowCount * width);
  for (let row = 0; row < rowCount; row++) {
    const [slope, wave, sometimes, noise] = names.map(() => 2 * random() - 1) as [
      number,
      number,
      number,
      number,
    ];
    const isMissing = random() < 0.3;
    const cityIndex = Math.floor(random() * cities.length);
    const isCityMissing = random() < 0.05;
    [slope, wave, isMissing ? Number.NaN : sometimes, noise].forEach((value, index) => {
      const column = numbers[index];
      if (column) column.values[row] = value;
    });
    codes[row] = isCityMissing ? -1 : cityIndex;
    const score =
      1.5 * slope +
      Math.sin(3 * wave) +
      (slope > 0 && wave > 0 ? 0.8 : 0) +
      (isMissing ? 1 : 0.5 * sometimes) +
      (isCityMissing ? 0 : (cityEffects[cityIndex] ?? 0));
    const shares = sharesOf(task, score, wave);
    ideal.set(shares, row * width);
    values[row] = task === "regression" ? score + 0.3 * normal(random) : draw(shares, random());
  }
  const city: FeatureColumn = { type: "category", name: "city", codes, categories: cities };
  return { features: { rowCount, columns: [...numbers, city] }, label: { task, classes, values }, ideal };
}

function sharesOf(task: Task, score: number, wave: number): number[] {
  if (task === "regression") return [score];
  if (task === "binary") return [1 / (1 + Math.exp(score)), 1 / (1 + Math.exp(-score))];
  const weights = [Math.exp(score), Math.exp(-score), Math.exp(1.5 * wave)];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function draw(shares: readonly number[], place: number): number {
  let sum = 0;
  const index = shares.findIndex((share) => {
    sum += share;
    return place < sum;
  });
  return index < 0 ? shares.length - 1 : index;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
