import { LearnerError } from "../learners/errors.ts";

/** More classes than this are almost always an identifier or an amount. */
const classesMax = 200;

export interface ClassList {
  /** Class names in their order; the index is what the model answers. */
  readonly classes: readonly string[];
  /** Index of the class of each text that occurs in the data. */
  readonly indexByText: ReadonlyMap<string, number>;
}

/** Orders the distinct labels: numbers by value, texts by their characters, false before true. */
export function listClasses(
  task: "binary" | "multiclass",
  texts: readonly string[],
  isNumber: boolean,
): ClassList {
  if (texts.length < 2) throw new LearnerError("ONE_CLASS");
  if (task === "binary" && texts.length > 2) throw new LearnerError("NOT_BINARY", `${texts.length} values`);
  if (texts.length > classesMax)
    throw new LearnerError("TOO_MANY_CLASSES", `${texts.length}, at most ${classesMax}`);
  const sorted = [...texts].sort((a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : 1));
  const classes = sorted.map((text) => (isNumber ? String(Number(text)) : text));
  if (isNumber && task === "binary" && classes.join() !== "0,1") {
    throw new LearnerError(
      "BAD_LABEL",
      `a numeric binary label must be 0 or 1, found ${classes.join(" and ")}`,
    );
  }
  if (isNumber && classes.some((name) => !Number.isInteger(Number(name)))) {
    throw new LearnerError("BAD_LABEL", "classes must be integers or texts");
  }
  return { classes, indexByText: new Map(sorted.map((text, index) => [text, index])) };
}
