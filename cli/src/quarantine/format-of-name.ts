import type { DataFormat } from "@cascade/contracts";

const formats: readonly (readonly [RegExp, DataFormat])[] = [
  [/\.csv(?:\.gz|\.zst)?$/iu, "csv"],
  [/\.parquet$/iu, "parquet"],
  [/\.(?:jsonl|ndjson)(?:\.gz|\.zst)?$/iu, "json-lines"],
  [/\.json(?:\.gz|\.zst)?$/iu, "json"],
];

/** Rows are exported in any format, whatever data.format says of those that the pipeline's source sends. */
export function formatOfName(uri: string): DataFormat | undefined {
  const path = uri.replace(/[?#].*$/u, "");
  return formats.find(([ending]) => ending.test(path))?.[1];
}
