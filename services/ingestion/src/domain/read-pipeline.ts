import { createHash } from "node:crypto";
import {
  AppliedSpec,
  type Column,
  type DataFormat,
  type DataOf,
  type PipelineAppliedV1,
} from "@cascade/contracts";
import type { z } from "zod";

/** How the files of a pipeline are read; kept as the pipeline says it. */
export const Reading = AppliedSpec.shape.data.pick({ csv: true, sources: true, schemaChanges: true });
export type Reading = z.infer<typeof Reading>;

/** What ingestion needs to know of a pipeline. */
export interface IngestPipeline {
  readonly version: number;
  readonly format: DataFormat | undefined;
  readonly columns: readonly Column[];
  readonly reading: Reading;
  readonly demandsDigest: string;
}

export function readPipeline({ version, spec }: DataOf<typeof PipelineAppliedV1>): IngestPipeline {
  return {
    version,
    format: spec.data.format,
    columns: Object.entries(spec.data.columns).map(([name, type]) => ({ name, type })),
    reading: Reading.parse(spec.data),
    // Where the data come from makes no difference to what is demanded of them.
    demandsDigest: digestOf({ data: { ...spec.data, sources: undefined }, validation: spec.validation }),
  };
}

function digestOf(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}
