import { improvementOf, QualityDegradedV1, QualityWindowClosedV1 } from "@cascade/contracts";
import { changeAlert } from "./alerts.ts";
import type { WindowScene } from "./close-drift-windows.ts";
import { measure } from "./metrics.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import type { LabelledOutput } from "./truth.ts";

/** How many labels of a version are measured together. */
export function labelsNeeded({ monitoring }: MonitoringPolicy): number {
  return monitoring.quality?.minLabels ?? monitoring.window.predictions;
}

/** Measures a version by all labels that have come since it was measured last. */
export function closeQualityWindow(rows: readonly LabelledOutput[], scene: WindowScene) {
  const { pipeline, version, policy, serves, newId } = scene;
  const { expected } = version;
  const windowId = newId();
  const metrics = measure(rows, version.servable);
  const result = { windowId, version: version.version, labels: rows.length, metrics, expected };
  const told = QualityWindowClosedV1.create(pipeline, result);
  const degraded = degradationOf(policy, expected, metrics);
  const { quality } = policy.monitoring;
  // What cannot be judged neither raises an alert nor ends one.
  const judged =
    quality !== null && expected[quality.metric] !== undefined && metrics[quality.metric] !== undefined;
  if (!serves || !judged) return { result, events: [told], alert: scene.alert };
  const message =
    degraded === undefined
      ? ""
      : `The ${degraded.metric} is ${degraded.measured.toFixed(4)} on ${rows.length} labels, ${degraded.expected.toFixed(4)} was expected; at most ${degraded.maxDrop} worse is accepted.`;
  const change = changeAlert(
    pipeline,
    scene.alert,
    degraded === undefined
      ? undefined
      : { kind: "quality", severity: "critical", message, version: version.version },
    newId,
  );
  const events = [
    told,
    ...(degraded === undefined
      ? []
      : [
          QualityDegradedV1.create(
            pipeline,
            { windowId, version: version.version, labels: rows.length, ...degraded },
            { linkedTo: version.correlationId },
          ),
        ]),
    ...change.events,
  ];
  return { result, events, alert: change.alert };
}

function degradationOf(
  { monitoring: { quality } }: MonitoringPolicy,
  expectedMetrics: WindowScene["version"]["expected"],
  measuredMetrics: WindowScene["version"]["expected"],
) {
  if (quality === null) return undefined;
  const { metric, maxDrop } = quality;
  const expected = expectedMetrics[metric];
  const measured = measuredMetrics[metric];
  if (expected === undefined || measured === undefined) return undefined;
  return improvementOf(metric, expected, measured) > maxDrop
    ? { metric, expected, measured, maxDrop }
    : undefined;
}
