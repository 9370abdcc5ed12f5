/** One figure beside the limit that was measured in the same run. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly reference: string;
  readonly referenceValue: number;
  /** `value / referenceValue`. */
  readonly ratio: number;
  /** What the ratio should be, in words. */
  readonly goal: string;
  readonly met: boolean;
}

export interface Goal {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Collects figures and prints them as a table for people. */
export class Report {
  readonly figures: Record<string, Figure> = {};

  add(
    name: string,
    figure: Pick<Figure, "value" | "unit" | "reference" | "referenceValue">,
    { atMost, atLeast }: Goal,
  ): void {
    const ratio = figure.value / figure.referenceValue;
    const met = (atMost === undefined || ratio <= atMost) && (atLeast === undefined || ratio >= atLeast);
    const goal = atMost === undefined ? `at least ${atLeast} ×` : `at most ${atMost} ×`;
    this.figures[name] = { ...figure, ratio, goal, met };
  }

  table(): string {
    const rows = Object.entries(this.figures).map(([name, figure]) => [
      name,
      `${round(figure.value)} ${figure.unit}`,
      `${figure.reference}: ${round(figure.referenceValue)} ${figure.unit}`,
      `${figure.ratio.toFixed(2)} ×`,
      figure.goal,
      figure.met ? "met" : "NOT MET",
    ]);
    const all = [["what", "measured", "limit in the same run", "ratio", "goal", ""], ...rows];
    const widths =
      all[0]?.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length))) ?? [];
    return all
      .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
      .join("\n");
  }
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
