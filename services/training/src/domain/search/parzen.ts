import { clamp, type ParameterSpace, type Point, randomPoint } from "./parameter-space.ts";

/** How likely a point is, and points to try, as learned from some that were seen. */
export interface ParzenEstimate {
  draw(random: () => number): Point;
  /** The logarithm of the density. */
  logDensity(point: Point): number;
}

/**
 * A mixture with one component for each point seen, and one that is spread over the whole space, so that
 * nothing is ever ruled out. Ranges have normal kernels cut off at their ends, with Scott's width; choices keep
 * most of their weight where they were seen. A component has all parameters at once: what is good together is
 * tried together.
 */
export function parzenEstimate(space: ParameterSpace, seen: readonly Point[]): ParzenEstimate {
  const width = clamp(0.2 * (seen.length + 1) ** (-1 / (space.length + 4)), 0.05, 0.5);
  const stay = 1 - 1 / (seen.length + 2);
  return {
    draw(random) {
      const from = seen[Math.floor(random() * (seen.length + 1))];
      if (from === undefined) return randomPoint(space, random);
      return space.map(([, parameter], index) => {
        const center = from[index] ?? 0;
        if (!("choices" in parameter)) return drawNear(center, width, random);
        return random() < stay ? center : Math.floor(random() * parameter.choices.length);
      });
    },
    logDensity(point) {
      const components = seen.map((center) => {
        let log = 0;
        space.forEach(([, parameter], index) => {
          const [at, from] = [point[index] ?? 0, center[index] ?? 0];
          if ("choices" in parameter) {
            const elsewhere = (1 - stay) / parameter.choices.length;
            log += Math.log(elsewhere + (at === from ? stay : 0));
          } else log += logKernel(at, from, width);
        });
        return log;
      });
      let everywhere = 0;
      for (const [, parameter] of space) {
        if ("choices" in parameter) everywhere -= Math.log(parameter.choices.length);
      }
      return logMean([...components, everywhere]);
    },
  };
}

/** By rejection: at least half of the kernel is inside for a center inside and a width of at most a half. */
function drawNear(center: number, width: number, random: () => number): number {
  for (let tries = 0; tries < 100; tries++) {
    const distance = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const place = center + width * distance;
    if (place >= 0 && place <= 1) return place;
  }
  return center;
}

function logKernel(at: number, center: number, width: number): number {
  const inside = normalShare((1 - center) / width) - normalShare(-center / width);
  const distance = (at - center) / width;
  return -0.5 * distance * distance - Math.log(width * Math.sqrt(2 * Math.PI) * inside);
}

/** The share of a normal distribution below a value (Abramowitz and Stegun 26.2.17, right to 7 digits). */
function normalShare(value: number): number {
  if (value < 0) return 1 - normalShare(-value);
  const t = 1 / (1 + 0.2316419 * value);
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

function logMean(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - highest);
  return highest + Math.log(sum / logs.length);
}
