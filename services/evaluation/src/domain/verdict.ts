import type { ArtifactRef, GateResult, Metrics } from "@cascade/contracts";

/** What an evaluation has found; the report and, for a model that answers, the reference are stored already. */
export interface Verdict {
  readonly metrics: Metrics;
  /** On the same holdout, or as recorded where it could not be scored. */
  readonly champion?: { readonly version: number; readonly metrics: Metrics };
  readonly gates: readonly GateResult[];
  readonly report: ArtifactRef;
  readonly reference?: ArtifactRef;
}

export function hasPassed(gates: readonly GateResult[]): boolean {
  return gates.length > 0 && gates.every(({ passed }) => passed);
}

/** What to do about the first failed gate, in one or two sentences. */
export function whatToDo(gates: readonly GateResult[]): string {
  const failed = gates.filter(({ passed }) => !passed);
  const first = failed[0]?.gate ?? "";
  const more = failed.length > 1 ? ` ${failed.length} gates failed; the report has them all.` : "";
  const advice = first.startsWith("the holdout")
    ? "Check the artifact store; when it is whole again, run cascade retrain."
    : first.startsWith("the model")
      ? "Correct the training program so that it exports a model that answers every row as it does itself."
      : first.startsWith("model of")
        ? "Train a smaller model, or raise evaluation.maxModelBytes."
        : first.startsWith("the labels")
          ? "Name the classes in the model's metadata cascade.classes as the label column has them."
          : "Look at the report; change features or parameters, wait for more data, or change evaluation.gates.";
  return `${advice}${more}`;
}
