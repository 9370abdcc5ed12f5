/** A column's name in SQL. */
export function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

/** Each part with its length before it, so that ("ab", "c") and ("a", "bc") are two keys. */
export function keyOf(key: readonly string[]): string {
  const parts = key.map((column) => `coalesce(CAST(${quoted(column)} AS VARCHAR), '')`);
  return joined(parts);
}

/** The same, but without any part there is no entity. */
export function entityKey(entity: readonly string[]): string {
  return joined(entity.map((column) => `CAST(${quoted(column)} AS VARCHAR)`));
}

function joined(parts: readonly string[]): string {
  return parts.map((part) => `CAST(length(${part}) AS VARCHAR) || ':' || ${part}`).join(" || ");
}

/** The column of a partition that names the entity by which other views are looked up. */
export function lookupKeyColumn(on: readonly string[]): string {
  return `cascade entity ${JSON.stringify(on)}`;
}
