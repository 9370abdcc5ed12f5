import type { Metrics, ServableModel } from "@cascade/contracts";
import { classMeter, numberMeter } from "@cascade/metrics";
import { likeliest } from "./prediction.ts";
import { classIndex, type LabelledOutput, labelNumber } from "./truth.ts";

/** Live values, by the same definitions as those that the evaluation expects. */
export function measure(
  rows: readonly LabelledOutput[],
  servable: Pick<ServableModel, "task" | "classes">,
): Metrics {
  return servable.task === "regression" ? measureNumbers(rows) : measureClasses(rows, servable.classes ?? []);
}

function measureNumbers(rows: readonly LabelledOutput[]): Metrics {
  const pairs = rows.flatMap(({ output, label }) => {
    const truth = labelNumber(label);
    return truth === undefined || typeof output !== "number" ? [] : [{ truth, output }];
  });
  return numberMeter(
    Float64Array.from(pairs, ({ truth }) => truth),
    Float64Array.from(pairs, ({ output }) => output),
  ).measure();
}

function measureClasses(rows: readonly LabelledOutput[], classes: readonly string[]): Metrics {
  const width = classes.length;
  const known = rows.flatMap(({ output, label }) => {
    const truth = classIndex(label, classes);
    // Of two classes a label that names neither says nothing; of many it is a class the model cannot name.
    const unusable = typeof output === "number" || output.length !== width;
    return unusable || (truth < 0 && width === 2) ? [] : [{ shares: output, truth }];
  });
  return classMeter(
    Int32Array.from(known, ({ truth }) => truth),
    {
      width,
      shares: Float64Array.from(known.flatMap(({ shares }) => shares)),
      labels: Int32Array.from(known, ({ shares }) => likeliest(shares)),
    },
  ).measure();
}
