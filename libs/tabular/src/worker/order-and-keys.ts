import { name } from "./sql-text.ts";

/**
 * The first row of each key that repeats: it is the one that stays. Rows with a missing part of the key have no
 * key. The columns have names of our own, so that they are never mistaken for those of the table.
 */
function firstOfKeys(relation: string, keys: readonly string[]): string {
  const columns = keys.map((key, index) => `${name(key)} AS cascade_key${index}`).join(", ");
  const present = keys.map((key) => `${name(key)} IS NOT NULL`).join(" AND ");
  return `SELECT ${columns}, min(cascade_row) AS cascade_first, count(*) AS cascade_count FROM ${relation}
   WHERE ${present} GROUP BY ${keys.map(name).join(", ")} HAVING count(*) > 1`;
}

export function uniqueQuery(keys: readonly string[]) {
  const shown = `concat_ws(', ', ${keys.map((_, index) => `CAST(cascade_key${index} AS VARCHAR)`).join(", ")})`;
  return (relation: string) =>
    `SELECT coalesce(sum(cascade_count - 1), 0) AS failed, min(cascade_first) AS row, arg_min(${shown}, cascade_first) AS value
     FROM (${firstOfKeys(relation, keys)})`;
}

/** Joins the first row of each key that repeats, and says which rows are not it. */
export function uniqueJoin(keys: readonly string[]) {
  return (relation: string, alias: string) => ({
    from: ` LEFT JOIN (${firstOfKeys(relation, keys)}) AS ${alias} ON ${keys
      .map((key, part) => `${alias}.cascade_key${part} = input.${name(key)}`)
      .join(" AND ")}`,
    broken: `input.cascade_row > ${alias}.cascade_first`,
  });
}

/** Rows whose value is less than the one before it; missing values have no place in the order. */
export function orderQuery(column: string) {
  const value = name(column);
  return (relation: string) =>
    `SELECT count(*) AS failed, min(cascade_row) AS row, arg_min(CAST(cascade_value AS VARCHAR), cascade_row) AS value
     FROM (SELECT cascade_row, ${value} AS cascade_value, lag(${value}) OVER (ORDER BY cascade_row) AS cascade_before
           FROM ${relation} WHERE ${value} IS NOT NULL)
     WHERE cascade_value < cascade_before`;
}
