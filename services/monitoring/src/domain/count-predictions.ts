import { monitoringErrors } from "../errors.ts";
import type { Alert } from "./alerts.ts";
import { closeDriftWindows } from "./close-drift-windows.ts";
import { type CountedWindow, fillWindows } from "./fill-windows.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import type { LoggedPrediction } from "./prediction.ts";
import type { WatchedVersion } from "./watched-version.ts";

export interface CountingScene {
  readonly pipeline: string;
  readonly policy: MonitoringPolicy;
  /** Ids that were counted before. */
  readonly known: ReadonlySet<string>;
  readonly versions: ReadonlyMap<number, WatchedVersion>;
  readonly windows: ReadonlyMap<number, CountedWindow>;
  readonly serving: { readonly version: number } | undefined;
  readonly alert: Alert | undefined;
  newId(): string;
}

/** Counts each prediction once into the window of its version, and tells what the full windows show. */
export function countPredictions(predictions: readonly LoggedPrediction[], scene: CountingScene) {
  const { pipeline, policy, known, windows, serving, newId } = scene;
  const fresh = firstOfEach(predictions.filter(({ id }) => !known.has(id)));
  const open = new Map<number, CountedWindow | undefined>();
  let { alert } = scene;
  const told = [...Map.groupBy(fresh, ({ version }) => version)].map(([number, members]) => {
    const version = scene.versions.get(number);
    // The promotion may still be on its way: tried again.
    if (version === undefined) throw monitoringErrors.versionUnknown(pipeline, number);
    const filled = fillWindows(version, windows.get(number), members, policy.monitoring.window.predictions);
    open.set(number, filled.open);
    const serves = serving === undefined || serving.version === number;
    const closed = closeDriftWindows(filled.closed, { pipeline, version, policy, serves, alert, newId });
    alert = closed.alert;
    return closed;
  });
  return {
    fresh,
    open,
    closed: told.flatMap(({ closed }) => closed),
    events: told.flatMap(({ events }) => events),
    alert,
  };
}

function firstOfEach(predictions: readonly LoggedPrediction[]): LoggedPrediction[] {
  return [
    ...new Map(predictions.toReversed().map((prediction) => [prediction.id, prediction])).values(),
  ].reverse();
}
