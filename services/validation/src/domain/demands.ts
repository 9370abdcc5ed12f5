import { createHash } from "node:crypto";
import { AppliedSpec, Column, type DataOf, type PipelineAppliedV1 } from "@cascade/contracts";
import { z } from "zod";

/** The part of a pipeline that says what its data must be like. */
export const Demands = z.object({
  columns: z.array(Column),
  label: z.string(),
  // What an older build has kept does not have these.
  task: AppliedSpec.shape.training.shape.task.optional(),
  key: z.array(z.string()).optional(),
  eventTime: z.string().optional(),
  validation: AppliedSpec.shape.validation,
});
export type Demands = z.infer<typeof Demands>;

export interface JudgedPipeline {
  readonly version: number;
  readonly demands: Demands;
  /** Names these demands: what was learned under others does not count. */
  readonly demandsDigest: string;
}

export function readDemands({ version, spec }: DataOf<typeof PipelineAppliedV1>): JudgedPipeline {
  const demands: Demands = {
    columns: Object.entries(spec.data.columns).map(([name, type]) => ({ name, type })),
    label: spec.data.label,
    task: spec.training.task,
    // Where the file says that keys may come again, nobody is to be warned of it.
    ...(spec.data.key === undefined || spec.data.repeatedKey === "keep" ? {} : { key: spec.data.key }),
    ...(spec.data.eventTime === undefined ? {} : { eventTime: spec.data.eventTime }),
    validation: spec.validation,
  };
  const demandsDigest = `sha256:${createHash("sha256").update(JSON.stringify(demands)).digest("hex")}`;
  return { version, demands, demandsDigest };
}
