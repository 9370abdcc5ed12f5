import {
  type GateResult,
  type GateSpec,
  improvementOf,
  type MetricName,
  type Metrics,
} from "@cascade/contracts";
import type { Interval } from "@cascade/metrics";

/** How the champion can be compared with a candidate. */
export type ChampionComparison =
  | { readonly kind: "none" }
  /** Scored on the same holdout as the candidate. */
  | { readonly kind: "scored"; readonly version: number; readonly metrics: Metrics }
  /** Compared by what its own evaluation measured, for the reason given. */
  | {
      readonly kind: "recorded";
      readonly version: number;
      readonly metrics: Metrics;
      readonly because: string;
    }
  | { readonly kind: "incomparable"; readonly version: number; readonly because: string };

/** Sums in another order differ in their last digits; that is no difference between two models. */
const rounding = 1e-12;

/** By how much a metric of the candidate is higher than the champion's, in the inner share of the draws of rows. */
export type Difference = (metric: MetricName, share: number) => Interval | undefined;

type ChampionGate = Extract<GateSpec, { beatsChampionBy: number }>;

/** What a candidate must prove where the pipeline declares nothing. */
export function defaultGates(primaryMetric: MetricName): readonly GateSpec[] {
  return [{ metric: primaryMetric, beatsChampionBy: 0 }];
}

/** A gate on one set of rows, rather than on the difference between several. */
type RowsGate = Exclude<GateSpec, { between: string }>;

/** What a gate demands, in words. */
export function gateName(spec: RowsGate): string {
  const { metric } = spec;
  if ("beatsChampionBy" in spec) {
    const { beatsChampionBy, confidence } = spec;
    const wanted =
      beatsChampionBy === 0
        ? `${metric} at least as good as the champion's`
        : `${metric} better than the champion's by ${beatsChampionBy}`;
    return confidence === undefined ? wanted : `${wanted}, in ${percent(confidence)} of draws`;
  }
  const bounds = [
    ...(spec.min === undefined ? [] : [`at least ${spec.min}`]),
    ...(spec.max === undefined ? [] : [`at most ${spec.max}`]),
  ];
  return `${metric} ${bounds.join(" and ")}`;
}

/** Judges one declared gate on some rows. A metric that could not be measured fails. */
export function judgeGate(
  spec: RowsGate,
  metrics: Metrics,
  champion: ChampionComparison,
  rows: number,
  difference?: Difference,
): GateResult {
  const { metric } = spec;
  const gate = gateName(spec);
  const value = metrics[metric];
  if (value === undefined) return { gate, passed: false, detail: notMeasured(metric) };
  if ("beatsChampionBy" in spec) return judgeAgainstChampion(spec, value, champion, difference);
  const { min, max } = spec;
  const passed = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  return { gate, passed, detail: `${metric} is ${rounded(value)} on ${rows} holdout rows` };
}

function judgeAgainstChampion(
  spec: ChampionGate,
  value: number,
  champion: ChampionComparison,
  difference: Difference | undefined,
): GateResult {
  const { metric, beatsChampionBy, confidence } = spec;
  const gate = gateName(spec);
  const own = `${metric} is ${rounded(value)}`;
  if (champion.kind === "none") return { gate, passed: true, detail: `${own}; there is no champion yet` };
  if (champion.kind === "incomparable") {
    const detail = `${own}; version ${champion.version} cannot be compared: ${champion.because}`;
    return { gate, passed: true, detail };
  }
  const other = champion.metrics[metric];
  if (other === undefined) {
    const detail = `${own}; the ${metric} of version ${champion.version} is not known, so nothing is proven`;
    return { gate, passed: false, detail };
  }
  const lead = improvementOf(metric, value, other);
  const where =
    champion.kind === "scored" ? "on the same holdout" : `at its own evaluation (${champion.because})`;
  const detail = `${own}; that of version ${champion.version} is ${rounded(other)} ${where}`;
  if (confidence === undefined) return { gate, passed: lead >= beatsChampionBy - rounding, detail };
  const sure = champion.kind === "scored" ? sureLead(metric, confidence, difference) : undefined;
  if (sure === undefined) {
    return { gate, passed: false, detail: `${detail}; that it is sure cannot be shown on these rows` };
  }
  return {
    gate,
    passed: sure >= beatsChampionBy - rounding,
    detail: `${detail}; in ${percent(confidence)} of the draws of rows it leads by ${rounded(sure)} or more`,
  };
}

/** The lead that is reached or passed in this share of the draws; negative where the candidate is worse. */
function sureLead(
  metric: MetricName,
  confidence: number,
  difference: Difference | undefined,
): number | undefined {
  const inner = difference?.(metric, 2 * confidence - 1);
  return inner && (improvementOf(metric, 1, 0) > 0 ? inner.low : -inner.high);
}

function percent(share: number): string {
  return `${rounded(share * 100)} %`;
}

function notMeasured(metric: MetricName): string {
  return `${metric} could not be measured; a gate that cannot be judged fails`;
}

export function judgeSize(sizeBytes: number, maxModelBytes: number): GateResult {
  return {
    gate: `model of at most ${maxModelBytes} bytes`,
    passed: sizeBytes <= maxModelBytes,
    detail: `the model has ${sizeBytes} bytes`,
  };
}

/** The failed ones first: they are what people look for. */
export function failedFirst(gates: readonly GateResult[]): GateResult[] {
  return [...gates.filter(({ passed }) => !passed), ...gates.filter(({ passed }) => passed)];
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
