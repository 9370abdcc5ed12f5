import type { GateResult, ServableModel } from "@cascade/contracts";
import { classMeter, type Meter, numberMeter } from "@cascade/metrics";
import type { Answers } from "./read-answers.ts";
import { type LabelValues, trueClasses } from "./truth.ts";

const gate = "the labels are classes of the model";

/** How answers are measured against the truth; the gate says whether the labels can be read as the model's classes. */
export function meterOf(
  model: Pick<ServableModel, "classes">,
  answers: Answers,
  labels: LabelValues,
): { readonly meter?: Meter; readonly labelGate?: GateResult } {
  if (answers.kind === "numbers") {
    const truth = labels instanceof Float64Array ? labels : Float64Array.from(labels, () => Number.NaN);
    return { meter: numberMeter(truth, answers.predictions) };
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
    ...(passed ? { meter: classMeter(indexes, answers) } : {}),
    labelGate: { gate, passed, detail },
  };
}
