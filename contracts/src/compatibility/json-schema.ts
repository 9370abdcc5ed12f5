/** A JSON Schema as plain data. A boolean schema is written as an object: `true` is {}, `false` is {not: {}}. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asSchema(value: unknown): JsonSchema {
  if (value === false) return { not: {} };
  return isObject(value) ? value : {};
}

export function schemasOf(value: unknown): ReadonlyMap<string, JsonSchema> {
  return new Map(
    isObject(value) ? Object.entries(value).map(([name, schema]) => [name, asSchema(schema)]) : [],
  );
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Follows a local reference such as `#/$defs/name`. Zod writes no others. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref, ...siblings } = schema;
  if (typeof $ref !== "string") return schema;
  const names = $ref.replace(/^#\/?/, "").split("/").filter(Boolean);
  const target = names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), root);
  if (!isObject(target))
    throw new RangeError(`The reference ${$ref} leads nowhere. Generate the schema anew.`);
  return resolve({ ...target, ...siblings }, root);
}
