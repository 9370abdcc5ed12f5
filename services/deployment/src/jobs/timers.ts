import type { PlannedJob } from "@cascade/messaging";
import type { Endpoint } from "../domain/endpoint.ts";
import { nextLook, type View } from "../domain/proceed.ts";

export const timerName = "look-at-rollout";

/** The timer that a rollout needs now, if any. The same moment asked for twice is one timer. */
export function timersFor(endpoint: Endpoint, view: View): PlannedJob[] {
  const at = nextLook(endpoint, view);
  if (at === undefined || endpoint.rollout === undefined) return [];
  const { revision, status } = endpoint.rollout;
  const key = `${endpoint.pipeline}/${revision}/${status}/${at.getTime()}`;
  return [{ job: timerName, payload: { revision, at: at.toISOString() }, key, notBefore: at }];
}
