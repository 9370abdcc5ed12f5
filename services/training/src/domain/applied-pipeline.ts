import { type DataOf, type PipelineAppliedV1, pastDigest } from "@cascade/contracts";
import type { AppliedPipeline } from "./trigger-state.ts";

/** Takes from a pipeline what training needs. */
export function appliedPipeline({ version, spec }: DataOf<typeof PipelineAppliedV1>): AppliedPipeline {
  const past = pastDigest(spec.features);
  return {
    version,
    view: spec.features.view,
    label: spec.data.label,
    eventTime: spec.data.eventTime ?? null,
    key: spec.data.key ?? [],
    columns: spec.data.columns,
    features: spec.features.columns,
    ...(past === undefined ? {} : { pastDigest: past }),
    training: spec.training,
  };
}
