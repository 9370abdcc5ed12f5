import { type ServiceName, services } from "@cascade/contracts";
import { type Evidence, moment, rowsOf } from "../evidence/evidence.ts";
import type { FaultKind } from "../faults/kinds.ts";

export interface Recovery {
  readonly kind: FaultKind;
  readonly what: string;
  /** Until the last part that was affected did its work again. */
  readonly ms: number;
}

/**
 * For each fault the time until every affected service has handled an event again: the database's own note in the
 * inbox. Serving has none: there it is the next answer. The load pulses through all services, so that there is
 * always something to handle soon.
 */
export function measureRecoveries(evidence: Evidence): Recovery[] {
  return evidence.faults.flatMap(({ kind, what, affected = services, countedFrom, skipped }) => {
    if (skipped !== undefined) return [];
    const times = affected.map((service) => firstAfter(workOf(evidence, service), countedFrom));
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? [] : [{ kind, what, ms: Math.max(...known) - countedFrom }];
  });
}

function workOf(evidence: Evidence, service: ServiceName): number[] {
  if (service !== "serving") {
    return rowsOf(evidence, service, "inbox").map((row) => moment(row, "handled_at"));
  }
  return evidence.journal
    .filter(({ kind, outcome }) => kind === "predict" && outcome === "ok")
    .map(({ endedAt = 0 }) => endedAt);
}

function firstAfter(times: readonly number[], since: number): number | undefined {
  const after = times.filter((time) => time > since);
  return after.length === 0 ? undefined : Math.min(...after);
}
