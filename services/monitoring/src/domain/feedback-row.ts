import type { ColumnType } from "@cascade/contracts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import type { Label } from "./prediction.ts";
import { labelNumber } from "./truth.ts";

type Cell = string | number | boolean | null;

/**
 * A labelled prediction as a row of the pipeline's data: what was sent, its label, and where the caller sent
 * no event time the time of the prediction. Undefined where a value is not of its column's type any longer.
 */
export function feedbackRow(
  { input, label, at }: { input: Readonly<Record<string, unknown>>; label: Label; at: Date },
  policy: MonitoringPolicy,
): Readonly<Record<string, Cell>> | undefined {
  const row: Record<string, Cell> = {};
  for (const [name, type] of Object.entries(policy.columns)) {
    const given = Object.hasOwn(input, name) ? input[name] : null;
    const filled = given === null && name === policy.eventTime ? at.toISOString() : given;
    const cell = name === policy.label ? labelCell(label, type) : cellOf(filled, type);
    if (cell === undefined) return undefined;
    row[name] = cell;
  }
  return row;
}

function cellOf(value: unknown, type: ColumnType): Cell | undefined {
  if (value === null) return null;
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "timestamp":
      return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined;
    default:
      return type satisfies never;
  }
}

/** Labels come as people write them; what can be read as the column's type is. */
function labelCell(label: Label, type: ColumnType): Cell | undefined {
  switch (type) {
    case "boolean": {
      const text = String(label).toLowerCase();
      return ["true", "1", "1.0"].includes(text)
        ? true
        : ["false", "0", "0.0"].includes(text)
          ? false
          : undefined;
    }
    case "integer":
    case "number":
      return cellOf(typeof label === "boolean" ? Number(label) : labelNumber(label), type);
    case "string":
      return String(label);
    case "timestamp":
      return cellOf(label, type);
    default:
      return type satisfies never;
  }
}
