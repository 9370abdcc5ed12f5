import type { Metrics } from "@cascade/contracts";

/** What is not defined on the rows at hand is left out. */
export function finiteOnly(metrics: Readonly<Record<string, number>>): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
