import type { Bound, ColumnProfile } from "../../profile-types.ts";
import type { ColumnSketch, ManyNumbers } from "../../sketch-types.ts";
import { isoFromMicros } from "../json-safe.ts";
import { estimateDistinct } from "./registers.ts";
import { quantilesOf } from "./sketch-quantiles.ts";
import { countPatterns } from "./text-patterns.ts";
import { widthEdges } from "./width-edges.ts";

const TOP_VALUES = 50;
const PATTERNS = 10;
const ODD = ["NaN", "Infinity", "-Infinity"];

type Numbers = { sum: number; squares: number; pivot: number; min: number; max: number; finite: number };

/** The profile of a column from what was kept of it. */
export function describeColumn(sketch: ColumnSketch): ColumnProfile {
  const { name, type, nulls, count, odd, content } = sketch;
  const nonFinite = odd.reduce((sum, some) => sum + some, 0);
  const isNumeric = type === "integer" || type === "number" || type === "timestamp";
  const show = (value: number): number | string =>
    type === "timestamp" ? (isoFromMicros(BigInt(Math.round(value))) ?? "") : value;
  const numbers = momentsOf(sketch, count - nonFinite);
  const described = numbers !== undefined && numbers.finite > 0 ? numbers : undefined;
  const arithmetic = type === "integer" || type === "number";
  const quantiles =
    described === undefined || !isNumeric || content.kind === "texts"
      ? null
      : quantilesOf(content, type !== "number");
  return {
    name,
    type,
    nulls,
    nonFinite,
    ...distinctOf(sketch),
    ...boundsOf(sketch, isNumeric ? described : undefined, show),
    mean: described && (arithmetic || type === "boolean") ? finiteOrNull(meanOf(described)) : null,
    standardDeviation: described && arithmetic ? deviationOf(described) : null,
    quantiles:
      quantiles === null
        ? null
        : { ...quantiles, values: quantiles.values.map(({ q, value }) => ({ q, value: show(value) })) },
    histogram: described && isNumeric ? histogramOf(sketch, described, show) : null,
    topValues: topValuesOf(sketch, show),
    ...textsOf(sketch),
  };
}

const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null);
const meanOf = ({ pivot, sum, finite }: Numbers) => pivot + sum / finite;

function deviationOf({ sum, squares, finite }: Numbers): number | null {
  if (finite < 2) return null;
  return finiteOrNull(Math.sqrt(Math.max(0, squares - (sum * sum) / finite) / (finite - 1)));
}

function momentsOf({ type, content }: ColumnSketch, finite: number): Numbers | undefined {
  if (type === "string" || content.kind === "texts") return undefined;
  if (content.kind === "numbers") return { ...content, finite };
  const values = content.values.map(({ value, count }) => ({ value: Number(value), count }));
  const pivot = values.reduce((mean, { value, count }) => mean + value * (count / finite), 0);
  const off = values.map(({ value, count }) => ({ off: value - pivot, count }));
  return {
    pivot,
    finite,
    sum: off.reduce((sum, { off, count }) => sum + off * count, 0),
    squares: off.reduce((sum, { off, count }) => sum + off * off * count, 0),
    min: values[0]?.value ?? 0,
    max: values.at(-1)?.value ?? 0,
  };
}

function distinctOf({ content, odd, count }: ColumnSketch): { distinct: number; distinctExact: boolean } {
  const oddKinds = odd.filter((some) => some > 0).length;
  if (content.kind === "few") return { distinct: content.values.length + oddKinds, distinctExact: true };
  return { distinct: Math.min(count, estimateDistinct(content.registers) + oddKinds), distinctExact: false };
}

function boundsOf(
  { type, content }: ColumnSketch,
  numbers: Numbers | undefined,
  show: (value: number) => number | string,
): { min: Bound; max: Bound } {
  if (numbers !== undefined) return { min: show(numbers.min), max: show(numbers.max) };
  if (type !== "string") return { min: null, max: null };
  if (content.kind === "texts") return { min: content.min, max: content.max };
  const texts = content.kind === "few" ? content.values : [];
  const [first, last] = [texts[0], texts.at(-1)];
  return {
    min: first === undefined ? null : String(first.value),
    max: last === undefined ? null : String(last.value),
  };
}

/** The edges of the histogram are edges of cells; undefined counts would mean that they are not. */
function histogramOf(
  { content }: ColumnSketch,
  { min, max, finite }: Numbers,
  show: (value: number) => number | string,
): ColumnProfile["histogram"] {
  const edges = widthEdges(min, max);
  if (edges.length === 1) return { edges: [show(min), show(min)], counts: [finite] };
  const counts = new Array<number>(edges.length - 1).fill(0);
  const addTo = (value: number, count: number) => {
    const bin = Math.max(0, edges.findIndex((edge) => value <= edge) - 1);
    counts[bin] = (counts[bin] ?? 0) + count;
  };
  if (content.kind === "few") for (const { value, count } of content.values) addTo(Number(value), count);
  if (content.kind === "numbers") spreadCells(content, edges, counts);
  return { edges: edges.map(show), counts };
}

/** Cells whose upper edge is within a bin are in it; one that crosses an edge is split evenly. */
function spreadCells(
  { edges, counts, min, max }: ManyNumbers,
  bins: readonly number[],
  into: number[],
): void {
  let bin = 0;
  for (const [cell, count] of counts.entries()) {
    if (count === 0) continue;
    const low = Math.max(min, edges[cell - 1] ?? min);
    const high = Math.min(max, edges[cell] ?? max);
    while (bin < into.length - 1 && (bins[bin + 1] ?? max) <= low) bin++;
    let left = count;
    for (let at = bin; at < into.length; at++) {
      const end = bins[at + 1] ?? max;
      if (high <= end || at === into.length - 1) {
        into[at] = (into[at] ?? 0) + left;
        break;
      }
      const part = Math.min(
        left,
        Math.round((count * (end - Math.max(low, bins[at] ?? min))) / (high - low)),
      );
      into[at] = (into[at] ?? 0) + part;
      left -= part;
    }
  }
}

type Top = ColumnProfile["topValues"];

function topValuesOf({ type, content, odd }: ColumnSketch, show: (value: number) => number | string): Top {
  if (content.kind === "numbers") return [];
  if (content.kind === "texts") return content.frequent.map(({ value, count }) => ({ value, count }));
  const shown = content.values.map(({ value, count }) => {
    if (type === "boolean") return { value: value === 1, count };
    return { value: type === "string" ? String(value) : show(Number(value)), count };
  });
  const odds = ODD.map((value, index) => ({ value, count: odd[index] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  // Equally frequent values keep the order of values.
  return [...shown, ...odds].sort((a, b) => b.count - a.count).slice(0, TOP_VALUES);
}

function textsOf({ type, content, count }: ColumnSketch): Pick<ColumnProfile, "lengths" | "patterns"> {
  if (type !== "string" || count === 0 || content.kind === "numbers") return { lengths: null, patterns: [] };
  if (content.kind === "texts") {
    const { lengths, patterns } = content;
    const rows = patterns.reduce((sum, found) => sum + found.count, 0);
    return {
      lengths: { min: lengths.min, max: lengths.max, mean: lengths.sum / count },
      patterns: patterns
        .slice(0, PATTERNS)
        .map((found) => ({ pattern: found.pattern, share: found.count / rows })),
    };
  }
  let [min, max, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const { length = 0, count: rows } of content.values) {
    min = Math.min(min, length);
    max = Math.max(max, length);
    sum += length * rows;
  }
  const patterns = countPatterns(content.values, PATTERNS);
  return {
    lengths: { min, max, mean: sum / count },
    patterns: patterns.map((found) => ({ pattern: found.pattern, share: found.count / count })),
  };
}
