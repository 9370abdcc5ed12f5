import type {
  DataOf,
  DriftDetectedV1,
  QualityDegradedV1,
  ScheduleFiredV1,
  TrainerCodeChangedV1,
} from "@cascade/contracts";

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

export function scheduleReason(data: DataOf<typeof ScheduleFiredV1>): string {
  const { cron, timeZone, dueAt, missed } = data;
  const also = missed === 0 ? "" : `; ${missed} due time(s) before that passed while training did not run`;
  return `"${cron}" (${timeZone}) was due at ${dueAt}${also}`;
}

export function codeReason(data: DataOf<typeof TrainerCodeChangedV1>): string {
  const { trainer, codeDigest, previousDigest } = data;
  return `the program of "${trainer}" changed from ${shortened(previousDigest)} to ${shortened(codeDigest)}`;
}

/** Enough of a digest to tell it from another one. */
function shortened(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
