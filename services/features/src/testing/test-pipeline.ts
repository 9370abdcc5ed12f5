import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";

interface Changes {
  readonly version?: number;
  readonly modelChanged?: boolean;
  readonly data?: object;
  readonly columns?: object;
  readonly training?: object;
  readonly features?: object;
}

/** A small pipeline, as the registry would announce it. */
export function appliedPipeline(pipeline: string, changes: Changes = {}): DataOf<typeof PipelineAppliedV1> {
  const { version = 1, modelChanged = true, data = {}, columns, training = {}, features = {} } = changes;
  const spec = PipelineSpec.parse({
    pipeline,
    data: {
      columns: { seen: "timestamp", city: "string", miles: "number", tip: "number" },
      eventTime: "seen",
      label: "tip",
      ...data,
    },
    features: {
      view: "trips",
      columns: columns ?? { seen: "hour(seen)", city: "city", half: "miles / 2" },
      ...features,
    },
    training: { task: "regression", ...training },
  });
  return { version, spec, digest: `digest-${version}`, modelChanged, by: "test" };
}
