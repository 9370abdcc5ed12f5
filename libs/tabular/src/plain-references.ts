import { tabularErrors } from "./errors.ts";
import type { Column, ColumnType, SqlColumn } from "./types.ts";

/** Where each expression is nothing but the name of an input column: its place and type. Otherwise undefined. */
export function plainReferences(
  input: readonly Column[],
  columns: readonly SqlColumn[],
): { index: number; type: ColumnType }[] | undefined {
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw tabularErrors.columnDuplicate(twice);
  const found: { index: number; type: ColumnType }[] = [];
  for (const { sql } of columns) {
    const name = referenced(sql.trim());
    // Like the engine, which takes upper and lower case as the same.
    const index =
      name === undefined ? -1 : input.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    const column = input[index];
    if (!column) return undefined;
    found.push({ index, type: column.type });
  }
  return found;
}

function referenced(sql: string): string | undefined {
  if (/^"([^"]|"")+"$/.test(sql)) return sql.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(sql) && !RESERVED.test(sql) ? sql : undefined;
}

// Words that mean something else when they stand alone; the engine decides about everything else.
const RESERVED =
  /^(true|false|null|default|all|and|any|array|as|asc|both|case|cast|check|collate|column|constraint|create|deferrable|desc|describe|distinct|do|else|end|except|fetch|for|foreign|from|group|having|in|initially|intersect|into|lambda|lateral|leading|limit|not|offset|on|only|or|order|pivot|placing|primary|qualify|references|returning|select|show|some|summarize|symmetric|table|then|to|trailing|union|unique|unpivot|user|using|variadic|when|where|window|with|current_.*|localtime.*|session_user)$/i;
