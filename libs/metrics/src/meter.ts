import type { Metrics } from "@cascade/contracts";

/**
 * Measures one model's answers on some rows: all of them alike, or each as often as its weight says. What can be
 * worked out once, such as the order of the scores, is kept between measurements.
 */
export interface Meter {
  readonly rows: number;
  /** `weights`: a whole number for each row. A metric that is not defined is left out. */
  measure(weights?: Weights): Metrics;
}

/** How often each row counts. */
export type Weights = Uint8Array | Uint16Array | Uint32Array;
