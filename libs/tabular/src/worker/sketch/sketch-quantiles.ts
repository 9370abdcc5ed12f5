import type { FewValues, ManyNumbers } from "../../sketch-types.ts";

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

export type Quantiles = {
  readonly values: readonly { readonly q: number; readonly value: number }[];
  /** At most this share of all values lies between what is said and what is true. */
  readonly rankError: number;
};

export function quantilesOf(content: FewValues | ManyNumbers, isWhole: boolean): Quantiles {
  return content.kind === "few" ? quantilesOfFew(content) : quantilesOfCells(content, isWhole);
}

function quantilesOfFew({ values }: FewValues): Quantiles {
  const total = values.reduce((sum, { count }) => sum + count, 0);
  const found = QUANTILES.map((q) => {
    let seen = 0;
    const at = values.find(({ count }) => {
      seen += count;
      return seen >= q * total;
    });
    return { q, value: Number(at?.value ?? values.at(-1)?.value) };
  });
  return { values: found, rankError: 0 };
}

/** The cell in which a quantile lies is known; within it, values are taken to lie evenly. */
function quantilesOfCells({ edges, counts, min, max }: ManyNumbers, isWhole: boolean): Quantiles {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let error = 0;
  const values = QUANTILES.map((q) => {
    let [cell, before] = [0, 0];
    while (cell < counts.length - 1 && before + (counts[cell] ?? 0) < q * total)
      before += counts[cell++] ?? 0;
    const low = Math.max(min, edges[cell - 1] ?? min);
    const high = Math.min(max, edges[cell] ?? max);
    const count = counts[cell] ?? 0;
    // A cell of one number alone says exactly what its values are.
    const single = isWhole ? high - low <= 1 : false;
    if (!single && count > 0 && high > low) error = Math.max(error, count / total);
    const inside = low + (high - low) * (count === 0 ? 1 : (q * total - before) / count);
    return { q, value: isWhole ? Math.ceil(single ? high : inside) : Math.min(high, Math.max(low, inside)) };
  });
  return { values, rankError: error };
}
