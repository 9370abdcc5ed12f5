import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";

/** A small pipeline, as the registry would announce it. */
export function appliedPipeline(
  changes: { version?: number; data?: object; validation?: object } = {},
): DataOf<typeof PipelineAppliedV1> {
  const { version = 1, data = {}, validation = {} } = changes;
  const spec = PipelineSpec.parse({
    pipeline: "trips",
    data: { columns: { at: "timestamp", city: "string", tip: "number" }, label: "tip", ...data },
    validation,
    features: { view: "trips", columns: { city: "city" } },
    training: { task: "regression" },
  });
  return { version, spec, digest: `digest-${version}`, modelChanged: true, by: "test" };
}
