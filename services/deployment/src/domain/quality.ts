import { improvementOf, type MetricName, type Metrics } from "@cascade/contracts";
import type { Quality } from "./analysis.ts";

/** The part of a pipeline's monitoring that says when a version predicts too badly. */
export interface QualitySettings {
  readonly metric: MetricName;
  readonly maxDrop: number;
  readonly minLabels: number;
}

export interface QualityWindow {
  readonly labels: number;
  readonly metrics: Metrics;
  readonly expected: Metrics;
}

/** How far a version fell short of what was expected; undefined where nobody asks or nothing is known. */
export function qualityOf(
  settings: QualitySettings | undefined,
  window: QualityWindow | undefined,
): Quality | undefined {
  if (settings === undefined || window === undefined) return undefined;
  const measured = window.metrics[settings.metric];
  const expected = window.expected[settings.metric];
  if (measured === undefined || expected === undefined) return undefined;
  const drop = improvementOf(settings.metric, expected, measured);
  return { ...settings, drop, labels: window.labels };
}
