import type { SearchedParameter } from "@cascade/contracts";
import type { Parameters } from "./trial.ts";

/** The parameters of a search in an order that no way of storing it changes. */
export type ParameterSpace = readonly (readonly [name: string, parameter: SearchedParameter])[];

/** A place in the space: one number in [0, 1] for each range, one index for each list of choices. */
export type Point = readonly number[];

export function parameterSpace(space: Readonly<Record<string, SearchedParameter>>): ParameterSpace {
  return Object.entries(space).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function randomPoint(space: ParameterSpace, random: () => number): Point {
  return space.map(([, parameter]) =>
    "choices" in parameter ? Math.floor(random() * parameter.choices.length) : random(),
  );
}

export function parametersAt(space: ParameterSpace, point: Point): Parameters {
  return Object.fromEntries(
    space.map(([name, parameter], index) => [name, valueAt(parameter, point[index] ?? 0)]),
  );
}

/** Where parameters are in the space: the inverse of `parametersAt`, but for what whole numbers round away. */
export function pointOf(space: ParameterSpace, parameters: Parameters): Point {
  return space.map(([name, parameter]) => {
    const value = parameters[name];
    if ("choices" in parameter) {
      const choices: readonly unknown[] = parameter.choices;
      return choices.indexOf(value);
    }
    const [low, high] = bounds(parameter);
    const scaled = parameter.scale === "log" ? Math.log(Number(value)) : Number(value);
    return clamp((scaled - low) / (high - low), 0, 1);
  });
}

type Range = Exclude<SearchedParameter, { choices: unknown }>;

function valueAt(parameter: SearchedParameter, place: number): string | number | boolean {
  if ("choices" in parameter) return parameter.choices[place] ?? parameter.choices[0] ?? 0;
  const [low, high] = bounds(parameter);
  const scaled = low + place * (high - low);
  const value = parameter.scale === "log" ? Math.exp(scaled) : scaled;
  const { min, max, integer } = parameter;
  if (integer === true) return clamp(Math.round(value), min, max);
  // As many digits as matter: a person reads them, and a repeated run is given them.
  return clamp(Number(value.toPrecision(9)), min, max);
}

/** A whole number takes up as much room at the ends of its range as in the middle. */
function bounds({ min, max, scale, integer }: Range): [number, number] {
  const room = integer === true ? 0.5 : 0;
  const [low, high] = [min - room, max + room];
  return scale === "log" ? [Math.log(low), Math.log(high)] : [low, high];
}

export const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
