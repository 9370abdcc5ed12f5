export type KolmogorovSmirnov = { readonly statistic: number; readonly pValue: number };

/**
 * Two-sample Kolmogorov-Smirnov test of samples in ascending order: the largest distance between their
 * distribution functions, and how likely one at least as large is where both come from the same distribution. The
 * probability is that of the limiting distribution, which is close from some 50 values on; with ties it is too large
 * rather than too small. An empty sample shows no distance.
 */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): KolmogorovSmirnov {
  if (a.length === 0 || b.length === 0) return { statistic: 0, pValue: 1 };
  let statistic = 0;
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  const effective = (a.length * b.length) / (a.length + b.length);
  return { statistic, pValue: kolmogorovTail(statistic * Math.sqrt(effective)) };
}

/** P(K > x) of Kolmogorov's distribution, by the one of its two series that converges fast (Marsaglia et al., 2003). */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    let below = 0;
    for (let k = 1; k <= 20; k += 1) below += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let tail = 0;
  for (let k = 20; k >= 1; k -= 1) tail += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return tail;
}
