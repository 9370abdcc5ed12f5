import type { DataFormat } from "@cascade/contracts";

const formatByExtension: ReadonlyMap<string, DataFormat> = new Map([
  [".csv", "csv"],
  [".parquet", "parquet"],
  [".jsonl", "json-lines"],
  [".ndjson", "json-lines"],
  [".json", "json"],
]);

/** The format of a file: what the sender said, else what the pipeline says, else what its name says. */
export function formatOf(
  stated: DataFormat | undefined,
  ofPipeline: DataFormat | undefined,
  path: string,
): DataFormat | undefined {
  if (stated !== undefined) return stated;
  if (ofPipeline !== undefined) return ofPipeline;
  const extension = /(\.[^./\\]+?)(?:\.(?:gz|gzip|zst|zstd))?$/iu.exec(path)?.[1] ?? "";
  return formatByExtension.get(extension.toLowerCase());
}
