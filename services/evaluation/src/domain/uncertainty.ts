import { MetricName } from "@cascade/contracts";
import { bootstrap, type Interval, type Meter } from "@cascade/metrics";

type Intervals = Partial<Record<MetricName, Interval>>;

/** How much what was measured depends on which rows the holdout happens to hold. */
export interface Uncertainty {
  /** How often rows were drawn from the holdout, as many as it holds, the same row more than once. */
  readonly draws: number;
  /** Between these lies a metric in 95 % of the draws. */
  readonly intervals: Intervals;
  readonly championIntervals?: Intervals;
}

export interface DrawnHoldout {
  readonly uncertainty: Uncertainty;
  /** By how much a metric of the candidate is higher than the champion's, in the inner share of the draws. */
  difference(metric: MetricName, share: number): Interval | undefined;
}

const shownShare = 0.95;
const drawsMin = 50;
/** Rows that all draws together may hold: a quarter of a second for each of the two models. */
const rowsDrawnMax = 5_000_000;

export async function drawHoldout(
  { candidate, champion }: { readonly candidate: Meter; readonly champion: Meter | undefined },
  options: { readonly drawsMax: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<DrawnHoldout> {
  const { drawsMax, seed, signal } = options;
  const affordable = Math.max(drawsMin, Math.floor(rowsDrawnMax / Math.max(1, candidate.rows)));
  const draws = Math.min(drawsMax, affordable);
  const meters = champion === undefined ? [candidate] : [candidate, champion];
  const drawn = await bootstrap(meters, { resamples: draws, seed, signal });
  const intervalsOf = (meter: number): Intervals =>
    Object.fromEntries(
      MetricName.options.flatMap((metric) => {
        const interval = drawn.interval(meter, metric, shownShare);
        return interval === undefined ? [] : [[metric, interval]];
      }),
    );
  const championIntervals = champion === undefined ? {} : { championIntervals: intervalsOf(1) };
  return {
    uncertainty: { draws, intervals: intervalsOf(0), ...championIntervals },
    difference: drawn.difference,
  };
}
