import { examplePipeline, type PipelineSpec } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { applyPipeline } from "./apply-pipeline.ts";

const first = applyPipeline(examplePipeline, undefined);
const after = (change: (spec: PipelineSpec) => PipelineSpec) => applyPipeline(change(examplePipeline), first);

test("the first version is number 1 and changes the model", () => {
  expect(first).toMatchObject({ version: 1, modelChanged: true, isNew: true });
  expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("the same specification in another order keeps its version", () => {
  const reversed = Object.fromEntries(Object.entries(examplePipeline).reverse());
  expect(applyPipeline({ ...examplePipeline, ...reversed }, first)).toMatchObject({
    version: 1,
    modelChanged: false,
    isNew: false,
  });
});

describe("the model changes with", () => {
  test.each<[string, (spec: PipelineSpec) => PipelineSpec]>([
    ["the data", (spec) => ({ ...spec, data: { ...spec.data, label: "distance" } })],
    ["the features", (spec) => ({ ...spec, features: { ...spec.features, columns: { hour: "1" } } })],
    ["the seed", (spec) => ({ ...spec, training: { ...spec.training, seed: 2 } })],
    ["the parameters", (spec) => ({ ...spec, training: { ...spec.training, parameters: { trees: 5 } } })],
  ])("%s", (_, change) => {
    expect(after(change)).toMatchObject({ version: 2, modelChanged: true, isNew: true });
  });
});

describe("the model stays as it is with", () => {
  test.each<[string, (spec: PipelineSpec) => PipelineSpec]>([
    ["the gates", (spec) => ({ ...spec, evaluation: { ...spec.evaluation, gates: [] } })],
    ["the approval", (spec) => ({ ...spec, promotion: { approval: "manual" } })],
    ["the time limit of a run", (spec) => ({ ...spec, training: { ...spec.training, timeoutSeconds: 1 } })],
    ["the memory of a run", (spec) => ({ ...spec, training: { ...spec.training, memoryMiB: 1 } })],
    [
      "the triggers",
      (spec) => ({
        ...spec,
        training: { ...spec.training, triggers: { ...spec.training.triggers, runsPerDay: 1 } },
      }),
    ],
  ])("%s", (_, change) => {
    expect(after(change)).toMatchObject({ version: 2, modelChanged: false, isNew: true });
  });
});
