import { artifactErrors } from "./errors.ts";

/** JSON with sorted keys and without spaces. Refuses what JSON would change silently, such as NaN. */
export function canonicalJson(value: unknown): string {
  return write(value, "$", new Set());
}

function write(value: unknown, path: string, parents: Set<object>): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw artifactErrors.jsonInvalid(path, `JSON has no ${value}; use null for "no number".`);
    return JSON.stringify(value);
  }
  if (typeof value !== "object") throw artifactErrors.jsonInvalid(path, `JSON has no ${typeof value}.`);
  if (parents.has(value)) throw artifactErrors.jsonInvalid(path, "the value contains itself.");
  parents.add(value);
  const text = writeObject(value, path, parents);
  parents.delete(value);
  return text;
}

function writeObject(value: object, path: string, parents: Set<object>): string {
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(), path, parents);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, parents)).join(",")}]`;
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${path}.${key}`, parents)}`).join(",")}}`;
}
