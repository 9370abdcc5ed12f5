import type { Label, Output } from "./prediction.ts";

export interface ArrivedLabel {
  readonly predictionId: string;
  readonly label: Label;
}

/** A prediction whose label may have come. */
export interface JoinCandidate {
  readonly id: string;
  readonly version: number;
  readonly output: Output;
  readonly label: Label | null;
  readonly hasInput: boolean;
}

export interface JoinedLabels {
  readonly joined: readonly (JoinCandidate & { readonly label: Label })[];
  /** Their prediction has not been logged yet. */
  readonly early: readonly ArrivedLabel[];
  readonly repeated: number;
  /** Ids whose label is another one than the first, which stays. */
  readonly conflicting: readonly string[];
}

/** Finds the prediction of each label. The first label of a prediction wins, whatever comes later. */
export function joinArrivedLabels(
  labels: readonly ArrivedLabel[],
  predictions: ReadonlyMap<string, JoinCandidate>,
  earlyKnown: ReadonlyMap<string, Label>,
): JoinedLabels {
  const firsts = new Map<string, Label>(earlyKnown);
  for (const { id, label } of predictions.values()) if (label !== null) firsts.set(id, label);
  const joined: (JoinCandidate & { readonly label: Label })[] = [];
  const early: ArrivedLabel[] = [];
  const conflicting: string[] = [];
  let repeated = 0;
  for (const arrived of labels) {
    const { predictionId, label } = arrived;
    const first = firsts.get(predictionId);
    if (first !== undefined) {
      if (first === label) repeated += 1;
      else conflicting.push(predictionId);
      continue;
    }
    firsts.set(predictionId, label);
    const prediction = predictions.get(predictionId);
    if (prediction === undefined) early.push(arrived);
    else joined.push({ ...prediction, label });
  }
  return { joined, early, repeated, conflicting };
}
