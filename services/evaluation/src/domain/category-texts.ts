/**
 * A category that is kept as a number or a boolean, as the text that the table engine makes of it when a
 * trainer reads it: 1 of an integer column, 1.0 of a column of numbers, true of a boolean.
 */
export function categoryTexts(values: Float64Array, type: string | undefined): (string | null)[] {
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return null;
    if (type === "boolean") return value === 0 ? "false" : "true";
    return type === "number" && Number.isInteger(value) ? `${value}.0` : String(value);
  });
}
