import type { GateResult, Metrics, ServableModel } from "@cascade/contracts";
import { measureClasses, measureNumbers } from "./metrics.ts";
import type { Answers } from "./read-answers.ts";
import { type LabelValues, trueClasses } from "./truth.ts";

const gate = "the labels are classes of the model";

/** Measures answers against the truth; the gate says whether the labels can be read as the model's classes. */
export function measureAnswers(
  model: Pick<ServableModel, "classes">,
  answers: Answers,
  labels: LabelValues,
): { readonly metrics: Metrics; readonly labelGate?: GateResult } {
  if (answers.kind === "numbers") {
    const truth = labels instanceof Float64Array ? labels : Float64Array.from(labels, () => Number.NaN);
    return { metrics: measureNumbers(truth, answers.predictions) };
  }
  const classes = model.classes ?? [];
  const { indexes, unknownRows, unknownLabels } = trueClasses(labels, classes);
  // Of many classes a rare one may be missing in training: its rows count as wrong. Of two there is no rare one.
  const passed = classes.length === 2 ? unknownRows === 0 : unknownRows < indexes.length;
  const names = unknownLabels.map((label) => JSON.stringify(label)).join(", ");
  const detail =
    unknownRows === 0
      ? `all ${indexes.length} labels are among the ${classes.length} classes`
      : `${unknownRows} of ${indexes.length} labels are no class of the model, such as ${names}; it has ${classes.slice(0, 10).join(", ")}`;
  return {
    metrics: passed ? measureClasses(indexes, answers) : {},
    labelGate: { gate, passed, detail },
  };
}
