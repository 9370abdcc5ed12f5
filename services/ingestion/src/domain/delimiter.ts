import type { Column } from "@cascade/contracts";

const usual = [",", ";", "\t", "|"];

/**
 * The delimiter that a file seems to have, where its only column is named by several declared ones at once: it was
 * read by another delimiter than it was written with.
 */
export function overlookedDelimiter(
  declared: readonly Pick<Column, "name">[],
  found: readonly Pick<Column, "name">[],
): string | undefined {
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return undefined;
  const wanted = new Set(declared.map(({ name }) => name));
  const known = (delimiter: string) =>
    only.name.split(delimiter).filter((name) => wanted.has(name.trim().replace(/^"(.*)"$/u, "$1"))).length;
  return usual.find((delimiter) => known(delimiter) > 1);
}
