import type { Contradiction } from "./contradictions.ts";
import { goalOf } from "./metrics.ts";
import type { TrainingSection } from "./model.ts";
import type { SearchedParameter, SearchSection } from "./search.ts";

interface Training {
  readonly search?: SearchSection | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly task: (typeof TrainingSection)["_output"]["task"];
}
type Path = readonly (string | number)[];
type Found = Contradiction[];

const root: Path = ["training", "search"];

/** Searches that can find nothing, and spaces in which there is nothing to choose. */
export function searchContradictions({ search, parameters, task }: Training): Found {
  if (search === undefined) return [];
  const names = Object.keys(search.space);
  const found: Found = [];
  if (names.length === 0) found.push({ path: [...root, "space"], message: "there is nothing to search" });
  for (const [name, parameter] of Object.entries(search.space)) {
    const path = [...root, "space", name];
    found.push(...parameterProblems(parameter, path));
    if (Object.hasOwn(parameters, name))
      found.push({ path, message: "training.parameters has a fixed value for it" });
  }
  return [...found, ...aimProblems(search, task), ...halvingProblems(search, parameters)];
}

function parameterProblems(parameter: SearchedParameter, path: Path): Found {
  if ("choices" in parameter) return choiceProblems(parameter.choices, [...path, "choices"]);
  const { min, max, scale, integer } = parameter;
  if (min > max) return [{ path, message: "min is above max: there is nothing between them" }];
  if (min === max)
    return [{ path, message: "min is max: give the one value in training.parameters instead" }];
  const found: Found = [];
  if (scale === "log" && min <= 0)
    found.push({ path: [...path, "min"], message: "must be above 0 on a log scale" });
  if (!Number.isFinite(max - min)) found.push({ path, message: "the range is too wide to be counted" });
  if (integer !== true) return found;
  for (const bound of ["min", "max"] as const) {
    if (!Number.isSafeInteger(parameter[bound]))
      found.push({ path: [...path, bound], message: "must be a whole number, as integer is true" });
  }
  return found;
}

function choiceProblems(choices: readonly (string | number | boolean)[], path: Path): Found {
  if (choices.length === 0) return [{ path, message: "is empty: there is nothing to choose from" }];
  if (choices.length === 1)
    return [{ path, message: "has one value: give it in training.parameters instead" }];
  const twice = choices.findIndex((choice, index) => choices.indexOf(choice) < index);
  return twice === -1 ? [] : [{ path: [...path, twice], message: "is there twice" }];
}

const ofTask = { auc: "class", logLoss: "class", brier: "class", accuracy: "class" } as const;
const ofRegression = ["rmse", "mae", "r2"];

function aimProblems({ metric, goal, earlyStopping, method }: SearchSection, task: Training["task"]): Found {
  const found: Found = [];
  if (metric !== undefined) {
    const fits = task === "regression" ? !Object.hasOwn(ofTask, metric) : !ofRegression.includes(metric);
    if (!fits) found.push({ path: [...root, "metric"], message: `${metric} is no metric of a ${task} task` });
    found.push(...goalProblems(metric, goal, root));
  }
  if (earlyStopping === undefined) return found;
  const path = [...root, "earlyStopping"];
  if (method === "halving")
    found.push({ path, message: "halving ends trials in its own way: leave one of them out" });
  return [...found, ...goalProblems(earlyStopping.metric, earlyStopping.goal, path)];
}

function goalProblems(metric: string, goal: SearchSection["goal"], section: Path): Found {
  const known = goalOf(metric);
  if (known === undefined && goal === undefined) {
    const message = `is not known to Cascade: say with goal whether to minimize or to maximize it`;
    return [{ path: [...section, "metric"], message }];
  }
  if (known === undefined || goal === undefined || known === goal) return [];
  return [{ path: [...section, "goal"], message: `${metric} is better the other way: ${known}` }];
}

function halvingProblems({ method, halving, space, trials }: SearchSection, parameters: object): Found {
  const path = [...root, "halving"];
  if (method !== "halving")
    return halving === undefined ? [] : [{ path, message: "applies to method: halving alone" }];
  if (halving === undefined)
    return [
      {
        path: [...root, "method"],
        message: "halving needs training.search.halving with resource, min and max",
      },
    ];
  const { resource, min, max, factor } = halving;
  const found: Found = [];
  if (Object.hasOwn(space, resource))
    found.push({ path: [...path, "resource"], message: "is varied by training.search.space too" });
  if (Object.hasOwn(parameters, resource))
    found.push({ path: [...path, "resource"], message: "training.parameters has a fixed value for it" });
  if (min * factor > max)
    found.push({ path, message: `max is below ${factor} times min: no trial could go on` });
  if (trials <= factor)
    found.push({ path: [...root, "trials"], message: `must be above ${factor}: one of ${factor} goes on` });
  return found;
}
