import { type GateSpec, improvementOf, type MetricName, type Metrics } from "@cascade/contracts";

/** How a candidate was judged, as far as promotion depends on it. */
export interface Judgement {
  readonly primaryMetric: MetricName;
  readonly metrics: Metrics;
  readonly holdoutDigest: string;
  /** The champion it was compared with; absent where there was none. */
  readonly comparedWith: number | undefined;
}

export interface PresentChampion {
  readonly version: number;
  readonly metrics: Metrics;
  readonly holdoutDigest: string;
}

export type Promotion =
  | { readonly promote: true; readonly reason: string }
  | { readonly promote: false; readonly reason: string };

/**
 * Whether a candidate that passed its gates becomes champion without a person. The gates may demand that it
 * beats the champion; if another version has become champion since, that comparison says nothing any more.
 * It can be made again from the recorded metrics only where both were measured on the same holdout.
 */
export function decidePromotion(
  judgement: Judgement,
  champion: PresentChampion | undefined,
  gates: readonly GateSpec[],
): Promotion {
  if (champion === undefined) return { promote: true, reason: "it passed every gate; there is no champion" };
  const relative = relativeGates(gates, judgement.primaryMetric);
  if (relative.length === 0) return { promote: true, reason: "it passed every gate" };
  if (judgement.comparedWith === champion.version) {
    return { promote: true, reason: `it passed every gate against version ${champion.version}` };
  }
  const stale =
    judgement.comparedWith === undefined
      ? `it was evaluated before version ${champion.version} became champion`
      : `it was compared with version ${judgement.comparedWith}, but version ${champion.version} is champion now`;
  if (judgement.holdoutDigest !== champion.holdoutDigest) {
    return {
      promote: false,
      reason: `${stale}, and the two were measured on different rows; train again, or approve it by hand`,
    };
  }
  const lost = relative.find(
    ({ metric, beatsChampionBy }) =>
      !(improvement(metric, judgement.metrics[metric], champion.metrics[metric]) >= beatsChampionBy),
  );
  if (lost !== undefined) {
    return {
      promote: false,
      reason: `${stale}, and on the same rows its ${lost.metric} does not beat that version's by ${lost.beatsChampionBy}`,
    };
  }
  return { promote: true, reason: `${stale}; on the same rows it beats that version as well` };
}

/** A pipeline without gates demands that a candidate is at least as good as the champion. */
function relativeGates(gates: readonly GateSpec[], metric: MetricName) {
  if (gates.length === 0) return [{ metric, beatsChampionBy: 0 }];
  // Of slices nothing is kept to compare later.
  return gates.flatMap((gate) => ("beatsChampionBy" in gate && gate.slice === undefined ? [gate] : []));
}

/** By how much a candidate is better. Not a number where a metric is missing, which passes no gate. */
function improvement(
  metric: MetricName,
  candidate: number | undefined,
  champion: number | undefined,
): number {
  if (candidate === undefined || champion === undefined) return Number.NaN;
  return improvementOf(metric, candidate, champion);
}
