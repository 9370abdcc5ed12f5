import { AppliedSpec, type DataOf, type PipelineAppliedV1 } from "@cascade/contracts";
import { z } from "zod";

/** What monitoring keeps of a pipeline. */
export const MonitoringPolicy = z.object({
  monitoring: AppliedSpec.shape.monitoring,
  columns: AppliedSpec.shape.data.shape.columns,
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
