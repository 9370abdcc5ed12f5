import { explainedShare } from "@cascade/tabular";
import { batchFinding, percent } from "./batch-expectations.ts";
import type { Demands } from "./demands.ts";
import type { Sample } from "./distributions.ts";
import type { Finding } from "./judge.ts";

const usual = { threshold: 0.9, minRows: 100, severity: "warning" } as const;

/** The columns that might give the label away. */
export function suspectedColumns({ columns, label, validation }: Demands): string[] {
  if (validation.leakage === null) return [];
  const ignored = new Set([label, ...(validation.leakage?.ignore ?? [])]);
  return columns.map(({ name }) => name).filter((name) => !ignored.has(name));
}

/** Judges which columns of a sample explain the label so well that they can only be known after it. */
export function judgeLeakage(demands: Demands, sample: Sample): Finding[] {
  const { task, label, validation } = demands;
  const { threshold, minRows, severity } = validation.leakage ?? usual;
  const labels = sample.columns[label];
  if (labels === undefined || sample.rowCount < minRows) return [];
  return suspectedColumns(demands).flatMap((column) => {
    const values = sample.columns[column];
    if (values === undefined) return [];
    // What an older build has kept does not say what the task is; numbers are then taken as such.
    const isValue = task === "regression" || (task === undefined && labels instanceof Float64Array);
    const share = explainedShare(values, labels, isValue ? "value" : "class");
    return [
      batchFinding(
        { kind: "no-leakage", column, threshold, explainedShare: share },
        share <= threshold,
        `${JSON.stringify(column)} alone explains ${percent(share)} of the label ${JSON.stringify(label)}, allowed is ${percent(threshold)}${share <= threshold ? "." : ": it may be known only after the label, and then a model that has it is worth nothing."}`,
        severity,
      ),
    ];
  });
}
