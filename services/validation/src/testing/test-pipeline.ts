import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";

/** A small pipeline, as the registry would announce it. */
export function appliedPipeline(
  pipeline: string,
  validation: object = {},
  version = 1,
): DataOf<typeof PipelineAppliedV1> {
  const spec = PipelineSpec.parse({
    pipeline,
    data: { columns: { id: "integer", city: "string", tip: "number" }, label: "tip" },
    validation,
    features: { view: "trips", columns: { city: "city" } },
    training: { task: "regression" },
  });
  return { version, spec, digest: `digest-${version}`, modelChanged: true, by: "test" };
}
