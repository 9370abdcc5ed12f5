import { monitoringErrors } from "../errors.ts";
import type { Alert } from "./alerts.ts";
import { closeQualityWindow, labelsNeeded } from "./close-quality-window.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import type { LabelledOutput } from "./truth.ts";
import type { WatchedVersion } from "./watched-version.ts";

/** A prediction that has just got its label. */
export interface NewlyLabelled extends LabelledOutput {
  readonly version: number;
  /** Whether it can become a row of data again. */
  readonly hasInput: boolean;
}

export interface LabelScene {
  readonly pipeline: string;
  readonly policy: MonitoringPolicy;
  readonly versions: ReadonlyMap<number, WatchedVersion>;
  serves(version: number): boolean;
  readonly alert: Alert | undefined;
  /** By version: labelled earlier and not measured yet. */
  readonly pending: ReadonlyMap<number, readonly LabelledOutput[]>;
  /** Labelled earlier with input, and in no batch yet. */
  readonly feedbackWaiting: number;
  newId(): string;
}

/** What follows from new labels: quality windows that are full, and a batch of data. */
export function followLabels(labelled: readonly NewlyLabelled[], scene: LabelScene) {
  const { pipeline, policy, versions, pending, newId } = scene;
  let { alert } = scene;
  const windows = [...Map.groupBy(labelled, ({ version }) => version)].flatMap(([number, fresh]) => {
    const rows = [...(pending.get(number) ?? []), ...fresh];
    if (rows.length < labelsNeeded(policy)) return [];
    const version = versions.get(number);
    if (version === undefined) throw monitoringErrors.versionUnknown(pipeline, number);
    const serves = scene.serves(number);
    const closed = closeQualityWindow(rows, { pipeline, version, policy, serves, alert, newId });
    alert = closed.alert;
    return [closed];
  });
  const { feedback } = policy.monitoring;
  const collectable = scene.feedbackWaiting + labelled.filter(({ hasInput }) => hasInput).length;
  const batch =
    feedback !== null && labelled.length > 0 && collectable >= feedback.minRows
      ? { batchId: newId() }
      : undefined;
  return {
    events: windows.flatMap(({ events }) => events),
    measured: windows.map(({ result }) => result),
    alert,
    batch,
  };
}
