import type { MetricName } from "@cascade/contracts";
import type { Meter } from "./meter.ts";
import { seededRandom } from "./seeded-random.ts";

export interface BootstrapOptions {
  /** How often rows are drawn. */
  readonly resamples: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What each draw has measured, in the order of the draws; metrics that a draw could not measure are left out. */
export interface Bootstrap {
  /** Of a meter's metric: between these lie the inner share of its values. Undefined where half the draws had none. */
  interval(meter: number, metric: MetricName, share: number): Interval | undefined;
  /**
   * By how much the first meter's metric exceeds the second's, draw by draw on the same rows: the bounds of the inner
   * share, in ascending order.
   */
  difference(metric: MetricName, share: number): Interval | undefined;
}

// Others have their turn in between: a service answers while it draws.
const turnMs = 20;

/**
 * Draws rows with replacement, as many as there are, and measures all meters on the same ones: how much a metric
 * depends on which rows there happened to be (Efron 1979; percentile intervals). The same seed gives the same.
 */
export async function bootstrap(
  meters: readonly Meter[],
  { resamples, seed, signal }: BootstrapOptions,
): Promise<Bootstrap> {
  const rows = meters[0]?.rows ?? 0;
  if (meters.some((meter) => meter.rows !== rows)) {
    throw new RangeError("Meters can be compared on the same rows only.");
  }
  const random = seededRandom(seed);
  const weights = new Uint32Array(rows);
  const draws = meters.map(() => new Map<MetricName, (number | undefined)[]>());
  let turnBegan = performance.now();
  for (let draw = 0; draw < resamples; draw++) {
    if (performance.now() - turnBegan > turnMs) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      turnBegan = performance.now();
    }
    weights.fill(0);
    for (let drawn = 0; drawn < rows; drawn++) {
      const row = Math.floor(random() * rows);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    for (const [index, meter] of meters.entries()) {
      for (const [metric, value] of Object.entries(meter.measure(weights)) as [MetricName, number][]) {
        const values = draws[index]?.get(metric) ?? Array<number | undefined>(resamples).fill(undefined);
        values[draw] = value;
        draws[index]?.set(metric, values);
      }
    }
  }
  const known = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    interval: (meter, metric, share) => innerShare(known(draws[meter]?.get(metric) ?? []), share, resamples),
    difference: (metric, share) => {
      const [ours, theirs] = [draws[0]?.get(metric) ?? [], draws[1]?.get(metric) ?? []];
      const differences = ours.flatMap((value, draw) => {
        const other = theirs[draw];
        return value === undefined || other === undefined ? [] : [value - other];
      });
      return innerShare(differences, share, resamples);
    },
  };
}

function innerShare(values: readonly number[], share: number, resamples: number): Interval | undefined {
  if (values.length === 0 || values.length < resamples / 2) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (quantile: number) => {
    const position = quantile * (sorted.length - 1);
    const below = sorted[Math.floor(position)] ?? Number.NaN;
    const above = sorted[Math.ceil(position)] ?? Number.NaN;
    return below + (above - below) * (position - Math.floor(position));
  };
  return { low: at((1 - share) / 2), high: at((1 + share) / 2) };
}
