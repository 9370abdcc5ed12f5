import type { ColumnProfile, DistributionTest, Profile } from "@cascade/tabular";
import type { Severity } from "./declared-expectations.ts";
import type { Demands } from "./demands.ts";
import type { Finding } from "./judge.ts";

/** What is demanded of a batch as a whole, and what its profile alone shows. */
export type BatchExpectation =
  | { readonly kind: "fresh"; readonly column: string; readonly notBefore: string }
  | { readonly kind: "varied"; readonly column: string }
  | {
      readonly kind: "no-leakage";
      readonly column: string;
      readonly threshold: number;
      readonly explainedShare: number;
    }
  | {
      readonly kind: "distribution";
      readonly column: string;
      readonly test: DistributionTest;
      readonly threshold: number;
      readonly score: number;
      readonly pValue?: number | undefined;
    }
  | {
      readonly kind: "label-balance";
      readonly column: string;
      readonly minShare?: number | undefined;
      readonly maxShare?: number | undefined;
    };

/** Judges what a batch is as a whole: how new it is, how its label is spread, and which columns say nothing. */
export function judgeBatch(profile: Profile, demands: Demands, now: Date): Finding[] {
  if (profile.rowCount === 0) return [];
  return [
    ...judgeFreshness(profile, demands, now),
    ...judgeLabelBalance(profile, demands),
    ...judgeVariety(profile, demands),
  ];
}

export function batchFinding(
  expectation: BatchExpectation,
  passed: boolean,
  message: string,
  severity: Severity,
): Finding {
  const unmet = severity === "error" ? "violation" : "warning";
  const verdict = passed ? "met" : unmet;
  return { expectation, passed, failedRows: 0, message, origin: "declared", verdict };
}

const columnOf = ({ columns }: Profile, wanted: string) => columns.find(({ name }) => name === wanted);
const quoted = (name: string) => JSON.stringify(name);

function judgeFreshness(profile: Profile, demands: Demands, now: Date): Finding[] {
  const { maxAgeSeconds, severity = "error" } = demands.validation.eventTime ?? {};
  const { eventTime } = demands;
  if (eventTime === undefined || maxAgeSeconds === undefined) return [];
  const column = columnOf(profile, eventTime);
  if (column?.type !== "timestamp") return [];
  const notBefore = new Date(now.getTime() - maxAgeSeconds * 1000).toISOString();
  const newest = typeof column.max === "string" ? column.max : undefined;
  const passed = newest !== undefined && Date.parse(newest) >= Date.parse(notBefore);
  const told = newest === undefined ? "has no value" : `is ${newest} at the newest`;
  const message = `The event time ${quoted(eventTime)} ${told}, expected ${notBefore} or later.`;
  return [batchFinding({ kind: "fresh", column: eventTime, notBefore }, passed, message, severity)];
}

function judgeLabelBalance(profile: Profile, { label, task, validation }: Demands): Finding[] {
  const { minShare = 0, maxShare = 1, severity = "error" } = validation.labelBalance ?? {};
  const column = columnOf(profile, label);
  if (validation.labelBalance === undefined || task === "regression" || column === undefined) return [];
  const labelled = profile.rowCount - column.nulls;
  // A label without any value is told by itself, and with too many classes only the frequent ones are known.
  if (labelled === 0) return [];
  const shares = column.topValues.map(({ value, count }) => ({ value, share: count / labelled }));
  const most = shares[0];
  const least = column.distinct > shares.length ? { value: "another class", share: 0 } : shares.at(-1);
  const problems: string[] = [];
  if (column.distinct < 2) problems.push(`there is only one class, ${quoted(String(most?.value))}`);
  if (most !== undefined && most.share > maxShare) {
    problems.push(
      `${quoted(String(most.value))} has ${percent(most.share)}, allowed is ${percent(maxShare)}`,
    );
  }
  if (least !== undefined && least.share < minShare) {
    problems.push(
      `${quoted(String(least.value))} has ${percent(least.share)}, expected at least ${percent(minShare)}`,
    );
  }
  const message =
    problems.length === 0
      ? `The classes of the label ${quoted(label)} are spread as expected.`
      : `Of the rows with a label ${quoted(label)}: ${problems.join("; ")}.`;
  const expectation = { kind: "label-balance" as const, column: label, minShare, maxShare };
  return [batchFinding(expectation, problems.length === 0, message, severity)];
}

/** A handful of rows may well be alike. */
const variedRowsMin = 20;

/** A column with one value, or none, is no fault of the batch: but no model can learn anything from it. */
function judgeVariety(profile: Profile, { columns, label, validation }: Demands): Finding[] {
  if (profile.rowCount < variedRowsMin) return [];
  return columns.flatMap(({ name }) => {
    const column = columnOf(profile, name);
    if (column === undefined || column.distinct > 1) return [];
    const isSaid = name === label && (validation.labelBalance !== undefined || column.distinct === 0);
    return isSaid ? [] : [batchFinding({ kind: "varied", column: name }, false, sameness(column), "warning")];
  });
}

function sameness({ name, distinct, topValues }: ColumnProfile): string {
  if (distinct === 0) return `${quoted(name)} has no value in any row: no model can learn from it.`;
  const value = quoted(String(topValues[0]?.value ?? "").slice(0, 100));
  return `${quoted(name)} has no value but ${value}: no model can learn from it.`;
}

export const percent = (share: number) => `${Math.round(share * 100_000) / 1000} %`;
