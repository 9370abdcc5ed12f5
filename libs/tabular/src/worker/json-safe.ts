import { DuckDBListValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";

/** A value of a canonical column as plain data; whole numbers beyond 2^53 lose their last digits, as in JSON. */
export function plain(value: DuckDBValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBTimestampValue) return isoFromMicros(value.micros);
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  return value;
}

/** ISO 8601 in UTC with as many digits as there are: milliseconds always, microseconds where needed. */
export function isoFromMicros(micros: bigint): string | null {
  let milliseconds = micros / 1000n;
  let rest = micros % 1000n;
  if (rest < 0n) {
    rest += 1000n;
    milliseconds -= 1n;
  }
  const date = new Date(Number(milliseconds));
  if (Number.isNaN(date.getTime())) return null; // Infinity, or a year that ISO text cannot hold.
  const iso = date.toISOString();
  return rest === 0n ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/** The same for what is handed out as JSON: there is no NaN and no infinity in JSON. */
export function jsonSafe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonSafe);
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}
