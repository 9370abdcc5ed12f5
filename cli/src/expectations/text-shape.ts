const classes = [
  ["[A-Z]", /[A-Z]/],
  ["[a-z]", /[a-z]/],
  ["[0-9]", /[0-9]/],
] as const;
const lengthMax = 64;
const partsMax = 12;

interface Part {
  readonly form: string;
  readonly length: number;
}

/** A pattern for texts that are all built alike, such as `[A-Z]{2}-[0-9]{3,4}`; nothing where they are not. */
export function commonPattern(texts: readonly string[]): string | undefined {
  const [first, ...others] = texts.map(partsOf);
  if (first === undefined || first.length === 0) return undefined;
  const alike = others.every(
    (parts) => parts.length === first.length && parts.every(({ form }, at) => form === first[at]?.form),
  );
  if (!alike) return undefined;
  return first
    .map(({ form }, at) => {
      const lengths = [first, ...others].map((parts) => parts[at]?.length ?? 0);
      return `${form}${repeated(Math.min(...lengths), Math.max(...lengths))}`;
    })
    .join("");
}

/** Runs of letters, digits and signs; empty for texts that are long or have many of them: those are prose. */
function partsOf(text: string): readonly Part[] {
  if (text.length > lengthMax) return [];
  const parts: { form: string; length: number }[] = [];
  for (const character of text) {
    const form = classes.find(([, range]) => range.test(character))?.[0] ?? escaped(character);
    const last = parts.at(-1);
    if (last?.form === form) last.length += 1;
    else parts.push({ form, length: 1 });
  }
  return parts.length > partsMax ? [] : parts;
}

const escaped = (character: string) => character.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function repeated(min: number, max: number): string {
  if (min !== max) return `{${min},${max}}`;
  return min === 1 ? "" : `{${min}}`;
}
