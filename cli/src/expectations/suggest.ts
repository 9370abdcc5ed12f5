import type { DataOf, PipelineAppliedV1 } from "@cascade/contracts";
import type { BatchProfile, ProfiledColumn } from "./report-profile.ts";
import { commonPattern } from "./text-shape.ts";

type Spec = DataOf<typeof PipelineAppliedV1>["spec"];
type Validation = Spec["validation"];
type Settings = Partial<Validation["expectations"][number]>;

/** One setting that the batch would meet, why it is proposed, and what speaks against being sure of it. */
export interface Suggestion {
  /** Undefined for what is demanded of the batch as a whole. */
  readonly column?: string;
  readonly settings: Settings | Pick<Partial<Validation>, "unique" | "rowCount" | "labelBalance">;
  readonly because: string;
  readonly doubt?: string;
}

// Of fewer rows than these, what was never seen may only not have happened yet.
const rowsForSure = 1000;
const timesForSure = 10;
const allowedValuesMax = 50;
const rowsPerValueMin = 10;

/** Proposes what to demand of batches by an accepted one. One batch shows what is, and only hints at what must be. */
export function suggestExpectations(
  { rowCount, columns }: BatchProfile,
  { data, training }: Spec,
): Suggestion[] {
  if (rowCount === 0) return [];
  const declared = columns.filter(({ name }) => data.columns[name] !== undefined);
  const label = declared.find(({ name }) => name === data.label);
  return [
    ...declared.flatMap((column) => [
      ...ofMissing(column, rowCount),
      ...ofNumbers(column, rowCount),
      ...ofTexts(column, rowCount),
    ]),
    ...ofKey(declared, rowCount, data.key),
    ...(label === undefined || training.task === "regression" ? [] : ofLabel(label, rowCount)),
    {
      settings: { rowCount: { min: Math.max(1, Math.floor(rowCount / 2)) } },
      because: `half of the ${rowCount} rows of this batch`,
      doubt: "one batch does not show how much their sizes vary",
    },
  ];
}

const fewRows = (rowCount: number) =>
  rowCount < rowsForSure ? { doubt: `${rowCount} rows are few to be sure` } : {};

function ofMissing({ name, nulls }: ProfiledColumn, rowCount: number): Suggestion[] {
  if (nulls === rowCount) return [];
  if (nulls === 0) {
    return [
      { column: name, settings: { required: true }, because: "no value is missing", ...fewRows(rowCount) },
    ];
  }
  const share = Math.min(1, Math.ceil((1.5 * nulls * 1000) / rowCount + 10) / 1000);
  return [
    {
      column: name,
      settings: { maxNullShare: share },
      because: `${nulls} of ${rowCount} values are missing`,
      doubt: "other batches may lack more",
    },
  ];
}

function ofNumbers(column: ProfiledColumn, rowCount: number): Suggestion[] {
  const { name, type, min, max, nonFinite } = column;
  if ((type !== "integer" && type !== "number") || typeof min !== "number" || typeof max !== "number")
    return [];
  const found: Suggestion[] = [];
  if (type === "number" && nonFinite === 0) {
    found.push({
      column: name,
      settings: { finite: true },
      because: "there is neither NaN nor infinity",
      ...fewRows(rowCount),
    });
  }
  if (isIdentifier(column, rowCount)) return found;
  if (min >= 0) {
    found.push({ column: name, settings: { min: 0 }, because: "no value is negative", ...fewRows(rowCount) });
  }
  const room = max + (max - min) / 2;
  if (Number.isFinite(room) && max > min) {
    found.push({
      column: name,
      settings: { max: type === "integer" ? Math.ceil(room) : room },
      because: `the largest is ${max}`,
      doubt: "the largest of one batch is not the largest there is",
    });
  }
  return found;
}

function ofTexts(
  { name, type, distinct, distinctExact, topValues }: ProfiledColumn,
  rowCount: number,
): Suggestion[] {
  if (type !== "string" || topValues.length === 0) return [];
  const texts = topValues.map(({ value }) => String(value));
  const isWhole = distinctExact && distinct === topValues.length;
  if (isWhole && distinct <= allowedValuesMax && distinct * rowsPerValueMin <= rowCount) {
    const rare = topValues.filter(({ count }) => count < timesForSure);
    const doubt =
      rare.length === 0
        ? fewRows(rowCount)
        : { doubt: `${JSON.stringify(rare[0]?.value)} is rare, so others may be missing` };
    return [
      { column: name, settings: { allowed: texts }, because: `there are ${distinct} values`, ...doubt },
    ];
  }
  const pattern = commonPattern(texts);
  if (pattern === undefined) return [];
  return [
    {
      column: name,
      settings: { pattern },
      because: `${texts.length} values that were looked at are built like this`,
      doubt: isWhole ? "others may be built otherwise" : `${distinct} values are more than were looked at`,
    },
  ];
}

function isIdentifier({ type, distinct, nulls }: ProfiledColumn, rowCount: number): boolean {
  return type === "integer" && distinct >= 0.9 * (rowCount - nulls) && rowCount >= timesForSure;
}

function ofKey(
  columns: readonly ProfiledColumn[],
  rowCount: number,
  key: readonly string[] | undefined,
): Suggestion[] {
  const because = "no value is there twice";
  const isUnique = ({ distinct, distinctExact, nulls }: ProfiledColumn) =>
    distinctExact && nulls === 0 && distinct === rowCount;
  const [only] = key ?? [];
  const found = columns
    .filter(({ type }) => type === "integer" || type === "string")
    .find((column) => (key === undefined ? isUnique(column) : column.name === only && isUnique(column)));
  if (key !== undefined && key.length === 1 && found !== undefined) {
    return [
      { settings: { unique: [...key] }, because: `${because}, and it is the key`, ...fewRows(rowCount) },
    ];
  }
  if (found === undefined || key !== undefined || rowCount < timesForSure) return [];
  return [
    { settings: { unique: [found.name] }, because, doubt: "nobody has declared it as the key (data.key)" },
  ];
}

function ofLabel(
  { distinct, distinctExact, topValues, nulls }: ProfiledColumn,
  rowCount: number,
): Suggestion[] {
  const least = topValues.at(-1);
  if (!distinctExact || distinct < 2 || distinct !== topValues.length || least === undefined) return [];
  const minShare = Math.floor((least.count / (rowCount - nulls) / 2) * 1000) / 1000;
  if (minShare === 0) return [];
  return [
    {
      settings: { labelBalance: { minShare } },
      because: `half of the share of ${JSON.stringify(least.value)}, the rarest class`,
      doubt: "one batch does not show how much the classes vary",
    },
  ];
}
