import type { SearchSection } from "@cascade/contracts";
import { type ParameterSpace, parametersAt, randomPoint } from "./parameter-space.ts";
import { type Goal, lossOf, type Parameters, type Trial } from "./trial.ts";
import { trialRandom } from "./trial-random.ts";

export interface Rung {
  /** The number of its first trial. */
  readonly first: number;
  readonly size: number;
  /** What each of its trials may use. */
  readonly resource: number;
}

type Halving = NonNullable<SearchSection["halving"]>;

/** As many beginnings as the budget of trials has room for, with all that go on from them. */
export function rungsOf({ min, max, factor }: Halving, trials: number): Rung[] {
  for (let begun = trials; begun > 0; begun--) {
    const rungs: Rung[] = [];
    let [first, size, resource] = [0, begun, min];
    while (size > 0) {
      rungs.push({ first, size, resource: Math.min(max, resource) });
      first += size;
      if (resource >= max) break;
      size = Math.floor(size / factor);
      resource *= factor;
    }
    if (first <= trials) return rungs;
  }
  return [];
}

/** The parameters of a trial; undefined while the rung below it has not ended. */
export function proposeByHalving(
  space: ParameterSpace,
  halving: Halving,
  trials: number,
  number: number,
  ended: readonly Trial[],
  { goal, seed }: { readonly goal: Goal; readonly seed: number },
): Parameters | undefined {
  const rungs = rungsOf(halving, trials);
  const index = rungs.findIndex(({ first, size }) => number < first + size);
  const rung = rungs[index];
  if (rung === undefined) return undefined;
  const resource = { [halving.resource]: rung.resource };
  const below = rungs[index - 1];
  if (below === undefined) {
    return { ...parametersAt(space, randomPoint(space, trialRandom(seed, number))), ...resource };
  }
  const competed = ended.filter(
    (trial) => trial.number >= below.first && trial.number < below.first + below.size,
  );
  if (competed.length < below.size) return undefined;
  const ranked = competed
    .filter(({ outcome }) => outcome === "completed")
    .toSorted((a, b) => lossOf(a, goal) - lossOf(b, goal) || a.number - b.number);
  const chosen = ranked[number - rung.first];
  return chosen === undefined ? undefined : { ...chosen.parameters, ...resource };
}
