import type { PatternCount } from "../../sketch-types.ts";

const RUNS_MAX = 12;

/** The form of a text: A and a for letters, 9 for digits, runs with their length: "C-000123" is "A-9{6}". */
export function patternOf(text: string): string {
  const kinds = text
    .replace(/\p{Lu}/gu, "A")
    .replace(/\p{Ll}|\p{Lt}|\p{Lm}|\p{Lo}/gu, "a")
    .replace(/\p{Nd}/gu, "9")
    .replace(/\s/gu, " ");
  const runs = kinds.match(/(.)\1*/gsu) ?? [];
  const shown = runs.slice(0, RUNS_MAX).map((run) => {
    const [first = ""] = run;
    const length = [...run].length;
    return length === 1 ? first : `${first}{${length}}`;
  });
  return shown.join("") + (runs.length > RUNS_MAX ? "…" : "");
}

/** How many rows have each form, the most frequent ones. */
export function countPatterns(
  values: readonly { readonly value: number | string; readonly count: number }[],
  most: number,
): PatternCount[] {
  const counts = new Map<string, number>();
  for (const { value, count } of values) {
    const pattern = patternOf(String(value));
    counts.set(pattern, (counts.get(pattern) ?? 0) + count);
  }
  const frequent = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, most);
  return frequent.map(([pattern, count]) => ({ pattern, count }));
}
