import type { Label, Output } from "./prediction.ts";

/** A prediction whose truth is known. */
export interface LabelledOutput {
  readonly output: Output;
  readonly label: Label;
}

/** The index of the class that a label names, -1 where it names none. Writers say true, True, 1 or 1.0. */
export function classIndex(label: Label, classes: readonly string[]): number {
  for (const name of namesOf(label)) {
    const index = classes.indexOf(name);
    if (index >= 0) return index;
  }
  return -1;
}

function namesOf(label: Label): readonly string[] {
  if (typeof label === "string") {
    const word = label.toLowerCase();
    return word === "true" || word === "false" ? [label, ...namesOf(word === "true")] : [label];
  }
  if (typeof label === "boolean")
    return label ? ["true", "True", "1", "1.0"] : ["false", "False", "0", "0.0"];
  const asBoolean = label === 0 ? ["false", "False"] : label === 1 ? ["true", "True"] : [];
  return [String(label), `${label}.0`, ...asBoolean];
}

/** The number that a label says, undefined where it says none. */
export function labelNumber(label: Label): number | undefined {
  if (typeof label === "boolean") return undefined;
  const value = typeof label === "string" && label.trim() === "" ? Number.NaN : Number(label);
  return Number.isFinite(value) ? value : undefined;
}
