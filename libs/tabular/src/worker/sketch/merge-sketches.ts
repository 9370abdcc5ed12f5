import type { ColumnSketch, FewValues, ManyNumbers } from "../../sketch-types.ts";
import { mergeRegisters } from "./registers.ts";
import { compareTexts, inOrderOfValues } from "./text-values.ts";

type ManyTexts = Extract<ColumnSketch["content"], { kind: "texts" }>;

/** Two parts of a column as one; undefined where together they have more values than are counted one by one. */
export function mergeSketches(a: ColumnSketch, b: ColumnSketch, valuesMax: number): ColumnSketch | undefined {
  const content = mergeContents(a, b);
  if (content === undefined || (content.kind === "few" && content.values.length > valuesMax))
    return undefined;
  const odd = [0, 1, 2].map((kind) => (a.odd[kind] ?? 0) + (b.odd[kind] ?? 0));
  const [nan = 0, most = 0, least = 0] = odd;
  return { ...a, nulls: a.nulls + b.nulls, count: a.count + b.count, odd: [nan, most, least], content };
}

function mergeContents(
  { content: a, count: before }: ColumnSketch,
  { content: b, count: added }: ColumnSketch,
): ColumnSketch["content"] | undefined {
  if (a.kind === "few" && b.kind === "few") return mergeFew(a, b);
  if (a.kind === "numbers" && b.kind === "numbers") return mergeNumbers(a, b);
  if (a.kind !== "texts" || b.kind !== "texts") return undefined;
  if (added === 0) return a;
  return before === 0 ? b : mergeTexts(a, b);
}

/** Both have their values in order, and so has what they are together. */
function mergeFew(a: FewValues, b: FewValues): FewValues {
  const values: FewValues["values"][number][] = [];
  let at = 0;
  for (const entry of a.values) {
    let other = b.values[at];
    while (other !== undefined && inOrderOfValues(other, entry) < 0) {
      values.push(other);
      other = b.values[++at];
    }
    const isSame = other !== undefined && inOrderOfValues(other, entry) === 0;
    if (isSame) at++;
    values.push(isSame ? { ...entry, count: entry.count + (other?.count ?? 0) } : entry);
  }
  return { kind: "few", values: [...values, ...b.values.slice(at)] };
}

function mergeNumbers(a: ManyNumbers, b: ManyNumbers): ManyNumbers {
  return {
    ...a,
    registers: mergeRegisters(a.registers, b.registers),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
    // The second has the edges of the first, and more behind them where it goes on.
    edges: b.edges,
    counts: b.counts.map((count, cell) => count + (a.counts[cell] ?? 0)),
  };
}

function mergeTexts(a: ManyTexts, b: ManyTexts): ManyTexts {
  return {
    ...a,
    registers: mergeRegisters(a.registers, b.registers),
    min: compareTexts(a.min, b.min) <= 0 ? a.min : b.min,
    max: compareTexts(a.max, b.max) >= 0 ? a.max : b.max,
    lengths: {
      sum: a.lengths.sum + b.lengths.sum,
      min: Math.min(a.lengths.min, b.lengths.min),
      max: Math.max(a.lengths.max, b.lengths.max),
    },
    frequent: a.frequent
      .map((entry) => ({
        ...entry,
        count: entry.count + (b.frequent.find(({ value }) => value === entry.value)?.count ?? 0),
      }))
      .sort((x, y) => y.count - x.count || compareTexts(x.value, y.value)),
  };
}
