import type { Tx } from "@cascade/postgres";
import { labelsNeeded } from "../domain/close-quality-window.ts";
import type { MonitoringPolicy } from "../domain/monitoring-policy.ts";
import type { LabelledOutput } from "../domain/truth.ts";
import { countFeedbackWaiting } from "./feedback.ts";
import { countPending, findPending } from "./labels.ts";

export interface LabelFacts {
  readonly pending: ReadonlyMap<number, readonly LabelledOutput[]>;
  readonly feedbackWaiting: number;
}

/**
 * What decides over labels that come now; `coming` counts them by version. The earlier ones are read only
 * where a window is about to be full.
 */
export async function loadLabelFacts(
  tx: Tx,
  pipeline: string,
  policy: MonitoringPolicy,
  coming: ReadonlyMap<number, number>,
): Promise<LabelFacts> {
  if (coming.size === 0) return { pending: new Map(), feedbackWaiting: 0 };
  const counts = await countPending(tx, pipeline, [...coming.keys()]);
  const full = [...coming]
    .filter(([version, count]) => (counts.get(version) ?? 0) + count >= labelsNeeded(policy))
    .map(([version]) => version);
  return {
    pending: full.length === 0 ? new Map() : await findPending(tx, pipeline, full),
    feedbackWaiting: policy.monitoring.feedback === null ? 0 : await countFeedbackWaiting(tx, pipeline),
  };
}
