import { createHash } from "node:crypto";
import type { Column, DataFormat, DataOf, PipelineAppliedV1 } from "@cascade/contracts";

/** What ingestion needs to know of a pipeline. */
export interface IngestPipeline {
  readonly version: number;
  readonly format: DataFormat | undefined;
  readonly columns: readonly Column[];
  readonly demandsDigest: string;
}

export function readPipeline({ version, spec }: DataOf<typeof PipelineAppliedV1>): IngestPipeline {
  return {
    version,
    format: spec.data.format,
    columns: Object.entries(spec.data.columns).map(([name, type]) => ({ name, type })),
    demandsDigest: digestOf({ data: spec.data, validation: spec.validation }),
  };
}

function digestOf(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}
