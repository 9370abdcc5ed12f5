import type { Weights } from "./meter.ts";

/** How often each class was answered for each true class. */
export interface Confusion {
  /** Row: the true class. Column: the answered one. */
  readonly counts: Float64Array;
  /** Rows of a class that the model does not know, by what was answered. */
  readonly unknown: Float64Array;
  readonly width: number;
}

export function countConfusion(
  truth: Int32Array,
  labels: Int32Array,
  width: number,
  weights?: Weights,
): Confusion {
  const counts = new Float64Array(width * width);
  const unknown = new Float64Array(width);
  for (let row = 0; row < truth.length; row++) {
    const index = truth[row] ?? -1;
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    const label = labels[row] ?? 0;
    if (index < 0) unknown[label] = (unknown[label] ?? 0) + weight;
    else counts[index * width + label] = (counts[index * width + label] ?? 0) + weight;
  }
  return { counts, unknown, width };
}

interface Hits {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Of two classes: of class 1. Of more: the mean over the classes that are among the rows or the answers, each
 * counting alike (scikit-learn's macro average). 0 where a class is never answered, as scikit-learn with
 * `zero_division=0`.
 */
export function hitRates({ counts, unknown, width }: Confusion): Hits {
  const classes = width === 2 ? [1] : [...Array(width).keys()];
  const found: Hits[] = [];
  for (const index of classes) {
    const hits = counts[index * width + index] ?? 0;
    let [asked, answered] = [0, unknown[index] ?? 0];
    for (let other = 0; other < width; other++) {
      asked += counts[index * width + other] ?? 0;
      answered += counts[other * width + index] ?? 0;
    }
    if (asked + answered === 0) continue;
    found.push({
      precision: answered === 0 ? 0 : hits / answered,
      recall: asked === 0 ? 0 : hits / asked,
      f1: (2 * hits) / (asked + answered),
    });
  }
  const mean = (of: (one: Hits) => number) => found.reduce((sum, one) => sum + of(one), 0) / found.length;
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
  };
}
