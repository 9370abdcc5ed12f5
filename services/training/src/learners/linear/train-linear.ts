import { checkTrainingSet } from "../check-training-set.ts";
import { weightsByClass } from "../class-weights.ts";
import { LearnerError } from "../errors.ts";
import type { FeatureTable, LabelledTable, Task } from "../table.ts";
import { buildDesign, rowScore } from "./design.ts";
import { fitLogistic, fitSquares } from "./fit-weights.ts";
import { chooseLinearEncodings, type LinearEncoding } from "./linear-encoding.ts";
import type { LinearParameters } from "./parameters.ts";

/** Linear regression, logistic regression, or one logistic regression a class against the rest. */
export interface LinearModel {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly encodings: readonly LinearEncoding[];
  /** One list a score: encoding after encoding (a category column has one more than categories), then the intercept. */
  readonly weights: readonly Float64Array[];
}

export interface LinearResult {
  readonly model: LinearModel;
  /** "iterations" where a fit would have gone on. */
  readonly stoppedBy: "converged" | "iterations";
}

/** The equations are solved in full, which takes the square of this in memory and its cube in time. */
const weightsMax = 4000;

export interface LinearOptions {
  /** Called after each fit; a multiclass model has one fit a class. */
  readonly onFit?: (progress: {
    readonly fit: number;
    readonly of: number;
    readonly iterations: number;
  }) => void;
}

export function trainLinear(
  train: LabelledTable,
  parameters: LinearParameters,
  options: LinearOptions = {},
): LinearResult {
  checkTrainingSet(train);
  const { task, classes, values } = train.label;
  const encodings = chooseLinearEncodings(train.features, parameters);
  const design = buildDesign(encodings, train.features);
  if (design.width > weightsMax) {
    throw new LearnerError("TOO_MANY_WEIGHTS", `${design.width}, at most ${weightsMax}`);
  }
  const classWeights = weightsByClass(train.label, parameters.classWeights);
  const weightOf = (row: number) => classWeights?.[values[row] ?? 0] ?? 1;
  let isConverged = true;
  const fitCount = task === "multiclass" ? classes.length : 1;
  const weights = Array.from({ length: fitCount }, (_, index) => {
    const positive = task === "multiclass" ? index : 1;
    const question = { weightOf, isPositive: (row: number) => values[row] === positive };
    const fit =
      task === "regression"
        ? fitSquares(design, values, parameters)
        : fitLogistic(design, question, parameters, parameters.iterationsMax);
    options.onFit?.({ fit: index + 1, of: fitCount, iterations: fit.iterations });
    isConverged &&= fit.isConverged;
    return fit.weights;
  });
  return {
    model: { task, classes, encodings, weights },
    stoppedBy: isConverged ? "converged" : "iterations",
  };
}

/**
 * Raw scores, row by row: one a class for multiclass, otherwise one. Those of several classes are log
 * shares, whose softmax is what the fits say divided by their sum.
 */
export function scoreLinear(model: LinearModel, table: FeatureTable): Float64Array {
  const design = buildDesign(model.encodings, table);
  const width = model.weights.length;
  const scores = new Float64Array(table.rowCount * width);
  model.weights.forEach((weights, index) => {
    for (let row = 0; row < table.rowCount; row++) {
      const score = rowScore(design, weights, row);
      scores[row * width + index] = width > 1 ? logShare(score) : score;
    }
  });
  return scores;
}

/** log(sigmoid(x)) without underflow. */
function logShare(x: number): number {
  return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
}
