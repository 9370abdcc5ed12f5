/** A column of labels as it is read: numbers (booleans as 0 and 1, NaN for missing) or texts. */
export type LabelValues = Float64Array | readonly (string | null)[];

/** The true classes of rows by index; -1 stands for a class that the model does not know. */
export interface TrueClasses {
  readonly indexes: Int32Array;
  readonly unknownRows: number;
  /** Some of the labels that are no class of the model. */
  readonly unknownLabels: readonly string[];
}

const labelsNamed = 5;

/** Finds the class of each label. Trainers write true as "true", "True" or "1" and 2 as "2" or "2.0". */
export function trueClasses(labels: LabelValues, classes: readonly string[]): TrueClasses {
  const indexByName = new Map(classes.map((name, index) => [name, index]));
  const known = new Map<number | string | null, number>();
  const unknown = new Set<string>();
  const indexes = new Int32Array(labels.length);
  let unknownRows = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? null;
    let index = known.get(label);
    if (index === undefined) {
      index =
        namesOf(label)
          .map((name) => indexByName.get(name))
          .find((found) => found !== undefined) ?? -1;
      known.set(label, index);
    }
    if (index < 0) {
      unknownRows++;
      if (unknown.size < labelsNamed) unknown.add(String(label).slice(0, 100));
    }
    indexes[row] = index;
  }
  return { indexes, unknownRows, unknownLabels: [...unknown] };
}

function namesOf(label: number | string | null): readonly string[] {
  if (label === null) return [];
  if (typeof label === "string") return [label];
  const asBoolean = label === 0 ? ["false", "False"] : label === 1 ? ["true", "True"] : [];
  return [String(label), `${label}.0`, ...asBoolean];
}
