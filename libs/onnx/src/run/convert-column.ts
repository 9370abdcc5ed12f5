import type { ElementType } from "../element-types.ts";
import { OnnxError } from "../errors.ts";

/** One column of rows, as callers have it: typed, or a plain list with null for missing. */
export type ColumnValues =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Uint8Array
  | readonly (number | string | boolean | null)[];

/** A column in the form the runtime takes. */
export type TensorValues = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[];

/** Converts a column to an input's element type; a value that does not fit is named by its position. */
export function convertColumn(input: string, type: ElementType, values: ColumnValues): TensorValues {
  if (type === "float") {
    if (values instanceof Float32Array) return values;
    return fill(new Float32Array(values.length), values, (value) => toFloat(value));
  }
  if (type === "double") {
    if (values instanceof Float64Array) return values;
    return fill(new Float64Array(values.length), values, (value) => toFloat(value));
  }
  if (type === "int64") {
    if (values instanceof BigInt64Array) return values;
    return fill(new BigInt64Array(values.length), values, toInt64);
  }
  if (type === "int32") {
    if (values instanceof Int32Array) return values;
    return fill(new Int32Array(values.length), values, (value) => toInteger(value, -(2 ** 31), 2 ** 31 - 1));
  }
  if (type === "bool") {
    if (values instanceof Uint8Array) return values;
    return fill(new Uint8Array(values.length), values, (value) => toInteger(value, 0, 1));
  }
  return fill(new Array<string>(values.length), values, toText);

  function fill<Target extends Record<number, Element>, Element>(
    target: Target,
    source: ColumnValues,
    convert: (value: unknown) => Element | undefined,
  ): Target {
    for (let row = 0; row < source.length; row++) {
      const converted = convert(source[row]);
      if (converted === undefined) {
        throw new OnnxError("INPUT_WRONG_TYPE", {
          input,
          row,
          found: `${describe(source[row])} for ${type}`,
        });
      }
      (target as Record<number, Element>)[row] = converted;
    }
    return target;
  }
}

function toFloat(value: unknown): number | undefined {
  if (value === null) return Number.NaN;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : undefined;
}

function toInt64(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function toInteger(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === "boolean" || typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= min && number <= max
    ? number
    : undefined;
}

/**
 * The runtime cuts a text at its first NUL, and "a\0b" would pass for "a". The replacement character keeps
 * it what it is: a text that no category equals.
 */
function toText(value: unknown): string | undefined {
  if (value === null) return "";
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd") : undefined;
}

function describe(value: unknown): string {
  return typeof value === "string" ? "text" : value === null ? "null" : `${typeof value} ${String(value)}`;
}
