import type { JsonSchema } from "./json-schema.ts";

interface Limit {
  readonly name: string;
  /** 1: a higher value accepts less (a minimum). -1: a lower value accepts less (a maximum). */
  readonly direction: 1 | -1;
  /** The keyword that excludes the value itself. */
  readonly exclusive?: string;
}

const limits: readonly Limit[] = [
  { name: "minimum", direction: 1, exclusive: "exclusiveMinimum" },
  { name: "maximum", direction: -1, exclusive: "exclusiveMaximum" },
  { name: "minLength", direction: 1 },
  { name: "maxLength", direction: -1 },
  { name: "minItems", direction: 1 },
  { name: "maxItems", direction: -1 },
  { name: "minProperties", direction: 1 },
  { name: "maxProperties", direction: -1 },
];

export const boundKeywords = limits.flatMap((limit) => [limit.name, limit.exclusive ?? limit.name]);

/** The limits that accept less than they did. */
export function narrowedBounds(before: JsonSchema, after: JsonSchema): string[] {
  return limits.flatMap((limit) => {
    const old = tightness(before, limit);
    const now = tightness(after, limit);
    const narrowed = now.value > old.value || (now.value === old.value && now.excluded && !old.excluded);
    return narrowed
      ? [`${limit.name} was narrowed from ${written(old, limit)} to ${written(now, limit)}`]
      : [];
  });
}

interface Tightness {
  /** Multiplied by the direction, so that more always means tighter. */
  readonly value: number;
  readonly excluded: boolean;
}

function tightness(schema: JsonSchema, { name, direction, exclusive }: Limit): Tightness {
  const included = numberAt(schema, name) * direction;
  const excluded = exclusive === undefined ? Number.NaN : numberAt(schema, exclusive) * direction;
  if (excluded >= included || (Number.isNaN(included) && !Number.isNaN(excluded))) {
    return { value: excluded, excluded: true };
  }
  return { value: Number.isNaN(included) ? Number.NEGATIVE_INFINITY : included, excluded: false };
}

function numberAt(schema: JsonSchema, name: string): number {
  const value = schema[name];
  return typeof value === "number" ? value : Number.NaN;
}

function written({ value, excluded }: Tightness, { direction }: Limit): string {
  if (!Number.isFinite(value)) return "no limit";
  return excluded ? `${value * direction} (excluded)` : `${value * direction}`;
}
