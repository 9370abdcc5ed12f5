import { type GateResult, type GateSpec, goalOf, type Metrics } from "@cascade/contracts";
import { type ChampionComparison, gateName, judgeGate } from "./gates.ts";

/** What was measured on the rows of a slice. */
export interface MeasuredSlice {
  readonly name: string;
  readonly rows: number;
  readonly metrics: Metrics;
  /** The champion on the same rows; absent where it could not be scored. */
  readonly champion?: Metrics;
}

type SlicedGate = Extract<GateSpec, { slice?: string | undefined }> & { readonly slice: string };
type GapGate = Extract<GateSpec, { between: string }>;

const minRowsDefault = 100;
const slicesNamed = 5;

export function isSliced(gate: GateSpec): gate is SlicedGate | GapGate {
  return "between" in gate || gate.slice !== undefined;
}

/** The feature whose values a gate asks for. */
export function slicedColumn(gate: SlicedGate | GapGate): string {
  return "between" in gate ? gate.between : gate.slice;
}

/** Judges a gate on slices. Those of few rows, and those on which the metric is not defined, are not judged. */
export function judgeSliced(
  gate: SlicedGate | GapGate,
  slices: readonly MeasuredSlice[],
  champion: ChampionComparison,
): GateResult {
  const minRows = gate.minRows ?? minRowsDefault;
  const judged = slices.filter(({ rows, metrics }) => rows >= minRows && metrics[gate.metric] !== undefined);
  const left = slices.length - judged.length;
  const rest =
    left === 0 ? "" : `; ${left} slice(s) of fewer than ${minRows} rows, or without a value, are not judged`;
  const result = "between" in gate ? judgeGap(gate, judged) : judgeEach(gate, judged, champion);
  if (judged.length === 0) {
    const detail = `no slice has ${minRows} rows and a value; a gate that cannot be judged fails`;
    return { ...result, passed: false, detail };
  }
  return { ...result, detail: `${result.detail}${rest}`.slice(0, 8000) };
}

function judgeEach(
  gate: SlicedGate,
  slices: readonly MeasuredSlice[],
  champion: ChampionComparison,
): GateResult {
  const results = slices.map((slice) => ({
    slice,
    ...judgeGate(gate, slice.metrics, championOn(slice, champion), slice.rows),
  }));
  const failed = results.filter(({ passed }) => !passed);
  const worst = failed.length > 0 ? failed : results;
  const named = worst.slice(0, slicesNamed).map(({ slice, detail }) => `${slice.name}: ${detail}`);
  const more = worst.length > slicesNamed ? `, and ${worst.length - slicesNamed} more` : "";
  const how =
    failed.length > 0 ? `${failed.length} of ${results.length} fail: ` : `all ${results.length} pass: `;
  return {
    gate: `${gateName(gate)}, for each ${gate.slice}`,
    passed: failed.length === 0,
    detail: `${how}${named.join("; ")}${more}`,
  };
}

/** A champion that is compared by what its own evaluation has measured says nothing of a slice. */
function championOn(slice: MeasuredSlice, champion: ChampionComparison): ChampionComparison {
  if (champion.kind === "none" || champion.kind === "incomparable") return champion;
  const { version } = champion;
  return { kind: "scored", version, metrics: slice.champion ?? {} };
}

function judgeGap({ metric, maxGap, between }: GapGate, slices: readonly MeasuredSlice[]): GateResult {
  const gate = `${metric} differs by at most ${maxGap} between the values of ${between}`;
  const ordered = slices
    .map(({ name, rows, metrics }) => ({ name, rows, value: metrics[metric] ?? Number.NaN }))
    .sort((a, b) => (goalOf(metric) === "minimize" ? a.value - b.value : b.value - a.value));
  const [best, worst] = [ordered[0], ordered.at(-1)];
  if (best === undefined || worst === undefined) return { gate, passed: false, detail: "no slice" };
  const gap = Math.abs(best.value - worst.value);
  const shown = (value: number) => Number(value.toPrecision(6));
  return {
    gate,
    passed: gap <= maxGap,
    detail: `it is ${shown(best.value)} for ${best.name} (${best.rows} rows) and ${shown(worst.value)} for ${worst.name} (${worst.rows} rows), ${shown(gap)} apart`,
  };
}
