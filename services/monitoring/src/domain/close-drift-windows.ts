import { DriftDetectedV1, WindowClosedV1 } from "@cascade/contracts";
import { type Alert, changeAlert } from "./alerts.ts";
import type { CountedWindow } from "./fill-windows.ts";
import { type ColumnScore, judgeDrift } from "./judge-drift.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import { predictionColumn } from "./prediction.ts";
import type { WatchedVersion } from "./watched-version.ts";

export interface WindowScene {
  readonly pipeline: string;
  readonly version: WatchedVersion;
  readonly policy: MonitoringPolicy;
  /** Whether the version takes the traffic: others are measured, but raise nothing. */
  readonly serves: boolean;
  readonly alert: Alert | undefined;
  newId(): string;
}

/** Tells what full windows show, one after the other. */
export function closeDriftWindows(windows: readonly CountedWindow[], scene: WindowScene) {
  const { pipeline, version, policy, serves, newId } = scene;
  let { alert } = scene;
  const closed = windows.map((window) => {
    const verdict = judgeDrift(window, version, policy.monitoring.drift);
    const windowId = newId();
    const result = {
      windowId,
      version: version.version,
      from: window.openedAt.toISOString(),
      to: window.lastAt.toISOString(),
      predictions: window.predictions,
      columns: [...verdict.columns],
      drifted: verdict.drifted,
    };
    const told = WindowClosedV1.create(pipeline, result);
    if (!serves) return { result, events: [told] };
    const drifted = verdict.columns.filter((score) => score.drifted && score.column !== predictionColumn);
    const change = changeAlert(
      pipeline,
      alert,
      verdict.drifted
        ? { kind: "drift", severity: "warning", message: sentenceOf(drifted), version: version.version }
        : undefined,
      newId,
    );
    alert = change.alert;
    const { predictions } = window;
    const detected = DriftDetectedV1.create(
      pipeline,
      { windowId, version: version.version, predictions, columns: drifted },
      { linkedTo: version.correlationId },
    );
    return { result, events: [told, ...(verdict.drifted ? [detected] : []), ...change.events] };
  });
  return {
    closed: closed.map(({ result }) => result),
    events: closed.flatMap(({ events }) => events),
    alert,
  };
}

const columnsNamed = 5;

function sentenceOf(columns: readonly ColumnScore[]): string {
  const worst = columns.toSorted((a, b) => b.score - a.score).slice(0, columnsNamed);
  const named = worst.map(
    ({ column, score, threshold }) => `${column} (psi ${score.toFixed(3)} above ${threshold.toFixed(3)})`,
  );
  const more = columns.length > columnsNamed ? ` and ${columns.length - columnsNamed} more` : "";
  return `Live data differ from what the model was evaluated on: ${named.join(", ")}${more}.`;
}
