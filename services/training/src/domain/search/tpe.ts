import { type ParameterSpace, type Point, pointOf, randomPoint } from "./parameter-space.ts";
import { parzenEstimate } from "./parzen.ts";
import { type Goal, lossOf, type Trial } from "./trial.ts";

/** Before this many trials have ended, there is nothing to learn from. */
const learnFrom = 6;
const candidates = 24;

/**
 * Tree-structured Parzen estimator (Bergstra and others, 2011): of some points near the good trials, the one
 * that is most likely among the good ones and least among the rest.
 */
export function proposeByTpe(
  space: ParameterSpace,
  ended: readonly Trial[],
  goal: Goal,
  random: () => number,
): Point {
  if (ended.length < learnFrom) return randomPoint(space, random);
  const ranked = ended.toSorted(
    (a, b) => compareNumbers(lossOf(a, goal), lossOf(b, goal)) || a.number - b.number,
  );
  const points = ranked.map(({ parameters }) => pointOf(space, parameters));
  const goodCount = Math.min(25, Math.ceil(0.2 * ranked.length));
  const good = parzenEstimate(space, points.slice(0, goodCount));
  const rest = parzenEstimate(space, points.slice(goodCount));
  let best = good.draw(random);
  let bestScore = good.logDensity(best) - rest.logDensity(best);
  for (let drawn = 1; drawn < candidates; drawn++) {
    const point = good.draw(random);
    const score = good.logDensity(point) - rest.logDensity(point);
    if (score > bestScore) [best, bestScore] = [point, score];
  }
  return best;
}

/** Infinities compare as equals: their difference would be no number. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
