import { type SearchSection, searchAim, type Task } from "@cascade/contracts";
import { proposeByHalving, rungsOf } from "./halving.ts";
import { parameterSpace, parametersAt, randomPoint } from "./parameter-space.ts";
import { proposeByTpe } from "./tpe.ts";
import type { Goal, Parameters, Trial } from "./trial.ts";
import { trialRandom } from "./trial-random.ts";

/**
 * A trial knows what all trials before it have shown, but for the last ones: those may still be running. So what
 * it does is the same however many run at once, and this many can.
 */
const trialsUnknown = 3;
/** A program that fails at every choice is wrong itself: more choices would only cost more time. */
const failuresMin = 4;

export interface SearchPlan {
  readonly search: SearchSection;
  readonly task: Task;
  readonly seed: number;
}

export interface PlannedTrial {
  readonly number: number;
  /** What the search chose; what is fixed is not among it. */
  readonly parameters: Parameters;
  /** The trials whose results it may know, for the early stop. */
  readonly before: readonly Trial[];
}

export function aimOf({ search, task }: SearchPlan): { readonly metric: string; readonly goal: Goal } {
  return searchAim(search, task);
}

/** How many trials a search makes where neither time nor failures end it. */
export function trialCount({ search }: SearchPlan): number {
  if (search.method !== "halving" || search.halving === undefined) return search.trials;
  return rungsOf(search.halving, search.trials).reduce((sum, { size }) => sum + size, 0);
}

/** Whether all that was tried has failed, and nothing else is to be expected of the rest. */
export function isHopeless(ended: readonly Trial[]): boolean {
  return ended.length >= failuresMin && ended.every(({ outcome }) => outcome === "failed");
}

/** The next trials that can begin, in their order: what they do depends on the results in `ended` alone. */
export function trialsToBegin(
  plan: SearchPlan,
  ended: readonly Trial[],
  running: readonly number[] = [],
  most: number = Number.POSITIVE_INFINITY,
): PlannedTrial[] {
  const endedNumbers = new Set(ended.map(({ number }) => number));
  const begun = new Set([...endedNumbers, ...running]);
  const planned: PlannedTrial[] = [];
  const count = trialCount(plan);
  for (let number = 0; number < count && planned.length < most; number++) {
    if (begun.has(number)) continue;
    const trial = planTrial(plan, number, ended, endedNumbers);
    if (trial !== undefined) planned.push(trial);
  }
  return planned;
}

function planTrial(
  plan: SearchPlan,
  number: number,
  ended: readonly Trial[],
  endedNumbers: ReadonlySet<number>,
): PlannedTrial | undefined {
  const { search, seed } = plan;
  const { goal } = aimOf(plan);
  const space = parameterSpace(search.space);
  if (search.method === "halving" && search.halving !== undefined) {
    const { halving, trials } = search;
    const parameters = proposeByHalving(space, halving, trials, number, ended, { goal, seed });
    return parameters === undefined ? undefined : { number, parameters, before: [] };
  }
  const random = trialRandom(seed, number);
  const learns = search.method === "tpe" || search.earlyStopping !== undefined;
  if (!learns) return { number, parameters: parametersAt(space, randomPoint(space, random)), before: [] };
  const known = number - trialsUnknown;
  for (let earlier = 0; earlier < known; earlier++) if (!endedNumbers.has(earlier)) return undefined;
  const before = ended.filter((trial) => trial.number < known).toSorted((a, b) => a.number - b.number);
  const point =
    search.method === "tpe" ? proposeByTpe(space, before, goal, random) : randomPoint(space, random);
  return { number, parameters: parametersAt(space, point), before };
}
