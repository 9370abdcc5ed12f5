import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";
import { z } from "zod";

/** What monitoring keeps of a pipeline. */
export const MonitoringPolicy = z.object({
  monitoring: PipelineSpec.shape.monitoring,
  columns: PipelineSpec.shape.data.shape.columns,
  label: z.string(),
  eventTime: z.string().optional(),
});
export type MonitoringPolicy = z.infer<typeof MonitoringPolicy>;

export function monitoringPolicy({ spec }: DataOf<typeof PipelineAppliedV1>): MonitoringPolicy {
  const { columns, label, eventTime } = spec.data;
  return {
    monitoring: spec.monitoring,
    columns,
    label,
    ...(eventTime === undefined ? {} : { eventTime }),
  };
}
