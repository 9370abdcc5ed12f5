import { describe, expect, test } from "vitest";
import { z } from "zod";
import { PipelineAppliedV1 } from "../events/pipeline-applied.v1.ts";
import { examplePipeline } from "./example.ts";
import { PipelineSpec } from "./pipeline-spec.ts";

/** A pipeline that uses every section and every kind of field. */
const spec = PipelineSpec.parse({
  ...examplePipeline,
  validation: {
    expectations: [{ column: "distance", min: 0 }],
    rowCount: { min: 1 },
  },
  features: {
    view: "departures",
    columns: { hour: "hour(date)", origin: { sql: "origin", kind: "category" } },
  },
  training: {
    ...examplePipeline.training,
    trainer: { command: ["python", "train.py"] },
    window: { rows: 1000 },
  },
  deployment: { strategy: "canary", steps: [{ weightPercent: 10 }] },
  monitoring: {
    quality: { metric: "auc", maxDrop: 0.1 },
    feedback: { minRows: 10 },
  },
});

// Keys of these are names that the pipeline chooses, and not fields.
const maps = ["data.columns", "features.columns", "training.parameters"];

/** Every object in a pipeline that has fields, by its path. */
function objectsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) || maps.includes(path.join(".")) ? [] : [path];
  const inner = Object.entries(value).flatMap(([key, field]) =>
    objectsIn(field, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [...own, ...inner];
}

function withFieldAt(path: readonly (string | number)[]): unknown {
  const copy: unknown = structuredClone(spec);
  // biome-ignore lint/suspicious/noExplicitAny: any object of the pipeline.
  const place = path.reduce((at: any, key) => at[key], copy);
  place.fieldOfANewerBuild = { nested: [1] };
  return copy;
}

const paths = objectsIn(spec);

test("there is an object of each section among those that are tried", () => {
  const sections = new Set(paths.map(([section]) => section));
  expect([...sections].filter((section) => section !== undefined).sort()).toEqual(
    Object.keys(spec)
      .filter((key) => key !== "pipeline")
      .sort(),
  );
});

describe.each(paths.map((path) => [path.join(".") || "the pipeline", path] as const))("in %s", (_, path) => {
  test("a field of a newer build is left out by those who read the event", () => {
    const applied = PipelineAppliedV1.schema.parse({ ...PipelineAppliedV1.example, spec: withFieldAt(path) });
    expect(applied.spec).toEqual(spec);
  });

  test("a field that is not known is refused in a pipeline file", () => {
    expect(PipelineSpec.safeParse(withFieldAt(path)).success).toBe(false);
  });
});

test("the event keeps its limits and contradictions", () => {
  const wrong = { ...spec, data: { ...spec.data, label: "nowhere" } };
  const result = PipelineAppliedV1.schema.safeParse({ ...PipelineAppliedV1.example, spec: wrong });
  expect(z.prettifyError(result.error ?? new z.ZodError([]))).toContain(
    '"nowhere" is no column of data.columns',
  );
});
