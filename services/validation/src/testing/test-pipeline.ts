import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";
import { Demands, readDemands } from "../domain/demands.ts";

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

/** Demands of the small pipeline, with those parts that it does not have itself. */
export function demandsOf(validation: object = {}, more: Partial<Demands> = {}): Demands {
  const { demands } = readDemands(appliedPipeline("trips"));
  return { ...demands, validation: Demands.shape.validation.parse(validation), ...more };
}
