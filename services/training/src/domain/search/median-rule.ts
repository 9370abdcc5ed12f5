import type { Curve, Goal, Trial } from "./trial.ts";

/** Trials that a trial is compared with, before which nobody is stopped. */
const comparedMin = 4;
const curveLengthMax = 100;

/**
 * A trial is looked at after 1, 2, 3, 4, 6, 8, 12, 16, 24 … steps: often enough at the beginning, where most is
 * to be saved, and few enough to be kept however long a program runs.
 */
export function isCheckpoint(step: number): boolean {
  return step >= 1 && nextCheckpoint(step) === step;
}

function nextCheckpoint(from: number): number {
  const power = 2 ** Math.floor(Math.log2(Math.max(1, from)));
  return [power, power * 1.5].find((step) => step >= from && Number.isInteger(step)) ?? power * 2;
}

/** The checkpoints that a trial has passed, each with the best value up to it. */
export class CurveBuilder {
  readonly #goal: Goal;
  readonly #curve: [number, number][] = [];
  #reached = 0;
  #best: number | undefined;

  constructor(goal: Goal) {
    this.#goal = goal;
  }

  /** Steps that come back are left out, as are values that no step has. */
  add(step: number, value: number): void {
    if (step <= this.#reached || !Number.isFinite(step) || !Number.isFinite(value)) return;
    // A program may tell every tenth step only: each checkpoint on the way shows what was known at it.
    if (this.#best !== undefined) this.#pass(this.#best, this.#reached + 1, step);
    this.#reached = step;
    if (this.#best === undefined || isBelow(value, this.#best, this.#goal)) this.#best = value;
    if (isCheckpoint(step)) this.#keep(step, this.#best);
  }

  get curve(): Curve {
    return this.#curve;
  }

  #pass(best: number, from: number, to: number): void {
    for (let step = nextCheckpoint(from); step < to; step = nextCheckpoint(step + 1)) {
      if (!this.#keep(step, best)) return;
    }
  }

  #keep(step: number, best: number): boolean {
    if (this.#curve.length >= curveLengthMax) return false;
    this.#curve.push([step, best]);
    return true;
  }
}

export interface MedianRule {
  readonly goal: Goal;
  readonly afterSteps: number;
}

/** The first checkpoint at which a trial was worse than half of those before it; undefined where it may go on. */
export function stoppedAt(
  curve: Curve,
  before: readonly Trial[],
  { goal, afterSteps }: MedianRule,
): number | undefined {
  for (const [step, value] of curve) {
    if (step < afterSteps) continue;
    const others = before.flatMap((trial) => valueAtStep(trial.curve, step));
    if (others.length >= comparedMin && isBelow(median(others), value, goal)) return step;
  }
  return undefined;
}

/** One that had ended by then keeps what it had reached. */
function valueAtStep(curve: Curve | undefined, step: number): number[] {
  const [, value] = curve?.findLast(([reached]) => reached <= step) ?? [];
  return value === undefined ? [] : [value];
}

const isBelow = (value: number, than: number, goal: Goal) =>
  goal === "minimize" ? value < than : value > than;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
