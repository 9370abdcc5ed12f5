import pg from "pg";

/** The startup option that pins names to one schema. */
export function searchPathOption(schema: string): string {
  // The server splits options at blanks; a backslash keeps one.
  return `-c search_path=${pg.escapeIdentifier(schema).replaceAll(/[\\ ]/g, "\\$&")}`;
}
