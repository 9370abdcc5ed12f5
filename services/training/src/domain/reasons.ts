import type { DataOf, DriftDetectedV1, QualityDegradedV1 } from "@cascade/contracts";

const columnsNamed = 5;

/** Says in one sentence what drifted, the worst first. */
export function driftReason({ version, columns }: DataOf<typeof DriftDetectedV1>): string {
  const drifted = columns.filter((column) => column.drifted).sort((a, b) => b.score - a.score);
  const named = drifted
    .slice(0, columnsNamed)
    .map(({ column, test, score }) => `${column} (${test} ${rounded(score)})`);
  const more = drifted.length > columnsNamed ? ` and ${drifted.length - columnsNamed} more` : "";
  return `${drifted.length} of ${columns.length} columns drifted from the reference of version ${version}: ${named.join(", ")}${more}`;
}

export function qualityReason(data: DataOf<typeof QualityDegradedV1>): string {
  const { version, metric, expected, measured, labels } = data;
  return `${metric} of version ${version} is ${rounded(measured)} on ${labels} labels, ${rounded(expected)} at its promotion`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
