import { type SearchedParameter, SearchSection } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { rungsOf } from "./halving.ts";
import { CurveBuilder, isCheckpoint, stoppedAt } from "./median-rule.ts";
import { parameterSpace, parametersAt, pointOf, randomPoint } from "./parameter-space.ts";
import { parzenEstimate } from "./parzen.ts";
import { isHopeless, type PlannedTrial, type SearchPlan, trialCount, trialsToBegin } from "./plan-search.ts";
import { bestTrial, type Goal, type Trial } from "./trial.ts";
import { trialRandom } from "./trial-random.ts";

type Space = Record<string, SearchedParameter>;

const tuned: Space = {
  rate: { min: 1e-4, max: 1, scale: "log" },
  leaves: { min: 4, max: 256, scale: "log", integer: true },
  kind: { choices: ["a", "b", "c", "d"] },
};
const kinds = ["a", "b", "c", "d"];

/** A loss whose least value is 0, at rate 0.03, 32 leaves and kind "a". */
const tunedLoss = ({ rate, leaves, kind }: Record<string, unknown>) =>
  (Math.log10(Number(rate)) + 1.5) ** 2 +
  (Math.log2(Number(leaves)) - 5) ** 2 / 4 +
  kinds.indexOf(String(kind));

function plan(changes: object, seed = 1): SearchPlan {
  const search = SearchSection.parse({ space: tuned, trials: 30, metric: "loss", ...changes });
  return { search, task: "regression", seed };
}

const completed = ({ number, parameters }: PlannedTrial, value: number): Trial => ({
  number,
  parameters,
  outcome: "completed",
  value,
  beganAt: "2026-03-01T06:00:00Z",
  durationMs: 1,
});

/** Makes a whole search, `parallel` trials at once, of which a random one ends next. */
function search(of: SearchPlan, loss: (parameters: PlannedTrial["parameters"]) => number, parallel = 1) {
  const pick = trialRandom(99, parallel);
  const ended: Trial[] = [];
  let running: PlannedTrial[] = [];
  for (;;) {
    const numbers = running.map(({ number }) => number);
    running.push(...trialsToBegin(of, ended, numbers, parallel - running.length));
    const next = running[Math.floor(pick() * running.length)];
    if (next === undefined) return ended.toSorted((a, b) => a.number - b.number);
    running = running.filter((trial) => trial !== next);
    ended.push(completed(next, loss(next.parameters)));
  }
}

describe("a space", () => {
  test("has every value between its bounds, and none outside", () => {
    const space = parameterSpace({ few: { min: 1, max: 3, integer: true }, ...tuned });
    const random = trialRandom(7, 0);
    const seen = Array.from({ length: 2000 }, () => parametersAt(space, randomPoint(space, random)));
    expect(new Set(seen.map(({ few }) => few))).toEqual(new Set([1, 2, 3]));
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(kinds));
    for (const { rate, leaves } of seen) {
      expect(Number(rate)).toBeGreaterThanOrEqual(1e-4);
      expect(Number(rate)).toBeLessThanOrEqual(1);
      expect(Number.isInteger(leaves)).toBe(true);
    }
    // On a log scale each factor is as likely as another.
    const low = seen.filter(({ rate }) => Number(rate) < 0.01).length;
    expect(low).toBeGreaterThan(900);
    expect(low).toBeLessThan(1100);
    // The ends of a range of whole numbers are as likely as its middle.
    const middle = seen.filter(({ few }) => few === 2).length;
    expect(Math.abs(middle - 2000 / 3)).toBeLessThan(100);
  });

  test("is the same whatever order its parameters are stored in", () => {
    const turned = Object.fromEntries(Object.entries(tuned).reverse());
    expect(trialsToBegin(plan({ space: turned, method: "random" }), [])).toEqual(
      trialsToBegin(plan({ method: "random" }), []),
    );
  });

  test("finds the place of its own values again", () => {
    const space = parameterSpace(tuned);
    const random = trialRandom(3, 0);
    for (let count = 0; count < 200; count++) {
      const parameters = parametersAt(space, randomPoint(space, random));
      expect(parametersAt(space, pointOf(space, parameters))).toEqual(parameters);
    }
  });
});

test("a Parzen estimate is a density: its integral is 1, and it draws where it is high", () => {
  const space = parameterSpace({ x: { min: 0, max: 1 }, kind: { choices: ["a", "b"] } });
  const estimate = parzenEstimate(space, [
    [0, 0.1],
    [0, 0.15],
    [1, 0.9],
  ]);
  let integral = 0;
  for (const kind of [0, 1]) {
    for (let cell = 0; cell < 1000; cell++)
      integral += Math.exp(estimate.logDensity([kind, (cell + 0.5) / 1000])) / 1000;
  }
  expect(integral).toBeCloseTo(1, 2);
  const random = trialRandom(1, 1);
  const drawn = Array.from({ length: 1000 }, () => estimate.draw(random));
  expect(drawn.every(([, x = -1]) => x >= 0 && x <= 1)).toBe(true);
  const near = drawn.filter(([kind, x = 0]) => kind === 0 && x < 0.5).length;
  expect(near).toBeGreaterThan(400);
});

describe("a search", () => {
  test.each(["random", "tpe", "halving"])("by %s is the same however many trials run at once", (method) => {
    const halving = { resource: "rounds", min: 3, max: 27 };
    const of = plan({ method, ...(method === "halving" ? { halving } : {}) }, 5);
    const alone = search(of, tunedLoss, 1);
    expect(alone).toHaveLength(trialCount(of));
    for (const parallel of [2, 3, 4, 16]) expect(search(of, tunedLoss, parallel)).toEqual(alone);
    expect(search({ ...of, seed: 6 }, tunedLoss)).not.toEqual(alone);
  });

  test("that is interrupted after any trial goes on as if it had not been", () => {
    const of = plan({ method: "tpe", trials: 14 });
    const whole = search(of, tunedLoss);
    for (let kept = 0; kept < whole.length; kept++) {
      const [next] = trialsToBegin(of, whole.slice(0, kept));
      expect(next?.parameters).toEqual(whole[kept]?.parameters);
    }
  });

  test("by TPE finds better parameters than a random one of as many trials", () => {
    const bestOf = (method: string, seed: number) =>
      bestTrial(search(plan({ method, trials: 40 }, seed), tunedLoss), "minimize")?.value ?? Infinity;
    const seeds = Array.from({ length: 21 }, (_, index) => index);
    const median = (method: string) =>
      seeds.map((seed) => bestOf(method, seed)).toSorted((a, b) => a - b)[10] ?? 0;
    expect(median("tpe")).toBeLessThan(median("random") / 3);
  });

  test("that learns has at most four trials under way", () => {
    expect(trialsToBegin(plan({ method: "tpe" }), [])).toHaveLength(4);
    expect(trialsToBegin(plan({ method: "random" }), [])).toHaveLength(30);
  });

  test("is hopeless once its first four trials have failed", () => {
    const trials = trialsToBegin(plan({ method: "tpe" }), []).map(
      (trial): Trial => ({ ...completed(trial, 0), outcome: "failed" }),
    );
    expect(isHopeless(trials)).toBe(true);
    expect(isHopeless(trials.slice(1))).toBe(false);
  });

  test("maximizes where more is better, and of equals takes the earlier trial", () => {
    const trials = trialsToBegin(plan({ method: "random" }), []).map((trial) =>
      completed(trial, trial.number === 3 || trial.number === 8 ? 2 : 1),
    );
    expect(bestTrial(trials.toReversed(), "maximize")?.number).toBe(3);
  });
});

describe("successive halving", () => {
  test("begins as many trials as its budget lets go on", () => {
    expect(rungsOf({ resource: "rounds", min: 10, max: 100, factor: 3 }, 40)).toEqual([
      { first: 0, size: 27, resource: 10 },
      { first: 27, size: 9, resource: 30 },
      { first: 36, size: 3, resource: 90 },
      { first: 39, size: 1, resource: 100 },
    ]);
    for (let trials = 4; trials < 200; trials++) {
      const rungs = rungsOf({ resource: "rounds", min: 1, max: 81, factor: 3 }, trials);
      const total = rungs.reduce((sum, { size }) => sum + size, 0);
      expect(total).toBeLessThanOrEqual(trials);
      expect(total).toBeGreaterThan(0);
    }
  });

  test("goes on with the best of each rung, in their order", () => {
    const of = plan({ method: "halving", trials: 13, halving: { resource: "rounds", min: 1, max: 9 } });
    const trials = search(of, tunedLoss, 4);
    const begun = trials.filter(({ parameters }) => parameters.rounds === 1);
    const ranked = begun.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
    const second = trials.filter(({ parameters }) => parameters.rounds === 3);
    expect(second.map(({ parameters }) => parameters)).toEqual(
      ranked.slice(0, 3).map(({ parameters }) => ({ ...parameters, rounds: 3 })),
    );
  });
});

function curveOf(told: readonly (readonly [number, number])[], goal: Goal) {
  const builder = new CurveBuilder(goal);
  for (const [step, value] of told) builder.add(step, value);
  return builder.curve;
}

describe("the early stop", () => {
  const steps = (values: readonly number[]) => values.map((value, index) => [index + 1, value] as const);
  const before = [1, 2, 3, 4, 5].map((level): Trial => {
    const curve = curveOf(steps(Array.from({ length: 40 }, (_, index) => level - index / 100)), "minimize");
    return { ...completed({ number: level, parameters: {}, before: [] }, level), curve };
  });
  const rule = { goal: "minimize", afterSteps: 8 } as const;

  test("looks at the checkpoints alone", () => {
    expect(Array.from({ length: 50 }, (_, step) => step).filter(isCheckpoint)).toEqual([
      1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48,
    ]);
  });

  test("ends what is worse than half of the others at the same step", () => {
    const bad = curveOf(steps(Array.from({ length: 40 }, () => 3.5)), "minimize");
    const good = curveOf(steps(Array.from({ length: 40 }, () => 2)), "minimize");
    expect(stoppedAt(bad, before, rule)).toBe(8);
    expect(stoppedAt(good, before, rule)).toBeUndefined();
    expect(stoppedAt(bad, before.slice(0, 3), rule)).toBeUndefined();
  });

  test("decides the same on a part of the steps as on all of them", () => {
    const random = trialRandom(4, 4);
    for (let count = 0; count < 100; count++) {
      const told = Array.from({ length: 60 }, (_, index) => [index * 2 + 1, 5 * random()] as const);
      const whole = stoppedAt(curveOf(told, "minimize"), before, rule);
      const live = told
        .map((_, index) => stoppedAt(curveOf(told.slice(0, index + 1), "minimize"), before, rule))
        .find((step) => step !== undefined);
      expect(live).toBe(whole);
    }
  });

  test("keeps the best so far, leaves out what is no number, and stays small", () => {
    const told = steps([3, Number.NaN, 4, 2]);
    expect(curveOf(told, "minimize")).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 2],
    ]);
    expect(curveOf(steps([1, 5, 2]), "maximize").at(-1)).toEqual([3, 5]);
    const endless = Array.from({ length: 1000 }, (_, index) => [2 ** (index / 10), 1] as const);
    expect(curveOf(endless, "minimize").length).toBeLessThanOrEqual(100);
  });
});
