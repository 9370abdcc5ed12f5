import { formatDuration, formatMetrics, formatScore } from "@cascade/cli";
import {
  DriftDetectedV1,
  EvaluationPassedV1,
  ModelVersionPromotedV1,
  QualityWindowClosedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";

/** What a reader takes home: versions, metrics before and after, number of events, time per hop. */
export function summarise(events: readonly StoredEvent[], totalMs: number): string {
  const lines = ["", "Summary", ""];
  for (const event of ofType(events, ModelVersionPromotedV1.type)) {
    const { version, metrics } = ModelVersionPromotedV1.schema.parse(event.data);
    lines.push(`  version ${version}   ${formatMetrics(metrics)} on its holdout`);
  }
  const evaluation = ofType(events, EvaluationPassedV1.type).at(-1);
  if (evaluation !== undefined) {
    const { metrics, champion, primaryMetric } = EvaluationPassedV1.schema.parse(evaluation.data);
    const before = champion?.metrics[primaryMetric];
    const after = metrics[primaryMetric];
    if (before !== undefined && after !== undefined) {
      lines.push(
        `  on the same new flights   ${primaryMetric} ${formatScore(before)} before, ${formatScore(after)} after`,
      );
    }
  }
  const drift = ofType(events, DriftDetectedV1.type)[0];
  if (drift !== undefined) {
    const { columns } = DriftDetectedV1.schema.parse(drift.data);
    const worst = columns.toSorted((a, b) => b.score - a.score)[0];
    if (worst !== undefined)
      lines.push(
        `  drift   ${worst.column} ${worst.test} ${formatScore(worst.score)} (limit ${worst.threshold})`,
      );
  }
  const quality = ofType(events, QualityWindowClosedV1.type)[0];
  if (quality !== undefined) {
    const { metrics, expected, version } = QualityWindowClosedV1.schema.parse(quality.data);
    lines.push(
      `  live quality of version ${version}   ${formatMetrics(metrics)} (at promotion ${formatMetrics(expected)})`,
    );
  }
  const cascades = new Set(events.map(({ envelope }) => envelope.correlationid));
  lines.push(
    `  ${events.length} events in ${cascades.size} cascades`,
    "",
    "  time per hop (since the cause)",
  );
  lines.push(...hops(events).map((line) => `    ${line}`));
  lines.push("", `  everything in ${formatDuration(totalMs)}`, "");
  return lines.join("\n");
}

function ofType(events: readonly StoredEvent[], type: string): StoredEvent[] {
  return events.filter(({ envelope }) => envelope.type === type);
}

/** Median time from cause to effect, by event type, in the order of a cascade. */
function hops(events: readonly StoredEvent[]): string[] {
  const stored = new Map(events.map(({ envelope, storedAt }) => [envelope.id, storedAt.getTime()]));
  const byType = new Map<string, number[]>();
  for (const { envelope, storedAt } of events) {
    const cause = stored.get(envelope.causationid ?? "");
    if (cause === undefined) continue;
    byType.set(envelope.type, [...(byType.get(envelope.type) ?? []), storedAt.getTime() - cause]);
  }
  return [...byType].map(([type, times]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const name = type.replace(/^cascade\./, "").replace(/\.v\d+$/, "");
    return `${name.padEnd(28)} ${formatDuration(median).padStart(8)}${times.length > 1 ? `  (median of ${times.length})` : ""}`;
  });
}
