import { AlertRaisedV1, AlertResolvedV1, type DataOf } from "@cascade/contracts";

export type Alert = DataOf<typeof AlertRaisedV1>;

/** What becomes of the alerts of one kind: raised once, resolved by the first quiet window. */
export interface AlertChange {
  readonly alert: Alert | undefined;
  readonly events: readonly (
    | ReturnType<typeof AlertRaisedV1.create>
    | ReturnType<typeof AlertResolvedV1.create>
  )[];
}

export function changeAlert(
  pipeline: string,
  open: Alert | undefined,
  finding: Omit<Alert, "alertId"> | undefined,
  newId: () => string,
): AlertChange {
  if (finding === undefined) {
    return { alert: undefined, events: open === undefined ? [] : [AlertResolvedV1.create(pipeline, open)] };
  }
  if (open !== undefined) return { alert: open, events: [] };
  const alert = { ...finding, alertId: newId() };
  return { alert, events: [AlertRaisedV1.create(pipeline, alert)] };
}
