import type { Logged } from "./start-monitoring.ts";

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface PredictionPlan {
  readonly from: number;
  readonly count: number;
  readonly version?: number;
  /** Added to every hour: the planted shift. */
  readonly shift?: number;
  readonly withInput?: boolean;
}

/** Predictions as the references of the tests describe them; ids are numbered. */
export function predictions(random: () => number, plan: PredictionPlan): Logged[] {
  const { from, count, version = 1, shift = 0, withInput = true } = plan;
  return Array.from({ length: count }, (_, index) => {
    const hour = random() + shift;
    const origin = random() < 0.5 ? "SFO" : "LAX";
    const share = random();
    return {
      id: `p${from + index}`,
      version,
      at: "2026-03-01T06:00:00.000Z",
      ...(withInput ? { input: { hour, origin } } : {}),
      features: { hour, origin },
      output: [1 - share, share],
    };
  });
}
