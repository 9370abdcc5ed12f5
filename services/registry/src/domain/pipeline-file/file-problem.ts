/** A mistake in a pipeline file, and where it is. */
export interface FileProblem {
  readonly line: number;
  readonly column: number;
  /** Such as `evaluation.gates[0].min`; empty where the mistake belongs to no setting. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];

export function formatPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

const shownCharacters = 60;

/** A value from the file as it is quoted in a message: short, on one line. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  if (value === null) return "empty";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
