import { examplePipeline, type PipelineSpec } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { problemsOf } from "./pipeline-file/good-file.ts";
import { unlimitedCycles } from "./trigger-cycles.ts";

type Triggers = PipelineSpec["training"]["triggers"];

const unlimited = { cooldownSeconds: 0, runsPerDay: 1441 };
const { training, monitoring } = examplePipeline;
const feedback = { minRows: 100 };

/** The triggers that could feed themselves. */
function cyclesOf(
  triggers: Partial<Triggers>,
  changes: Partial<PipelineSpec["monitoring"]> = {},
  trainer = {},
) {
  const spec = {
    ...examplePipeline,
    training: { ...training, triggers: { ...training.triggers, ...unlimited, ...triggers }, ...trainer },
    monitoring: { ...monitoring, ...changes },
  };
  return unlimitedCycles(spec).map(({ trigger }) => trigger);
}

describe("without a limit", () => {
  test("feedback becomes data that train the model whose predictions it is", () => {
    expect(cyclesOf({ drift: null }, { feedback })).toEqual(["newData"]);
    expect(cyclesOf({ newData: null, drift: null }, { feedback })).toEqual([]);
  });

  test("a drift or a drop that needs no new rows, or gets them from feedback, finds itself again", () => {
    const quality = { metric: "auc", maxDrop: 0.1, minLabels: 10 } as const;
    const own = { newData: null, drift: { minNewRows: 0 }, qualityDrop: { minNewRows: 0 } };
    expect(cyclesOf(own, { quality })).toEqual(["drift", "qualityDrop"]);
    const needy = { newData: null, drift: { minNewRows: 1 }, qualityDrop: { minNewRows: 1 } };
    expect(cyclesOf(needy, { quality })).toEqual([]);
    expect(cyclesOf(needy, { quality, feedback })).toEqual(["drift", "qualityDrop"]);
  });

  test("what is not watched, or is no trigger, closes no cycle", () => {
    expect(cyclesOf({ drift: { minNewRows: 0 } }, { drift: null })).toEqual([]);
    expect(cyclesOf({ drift: null })).toEqual([]);
  });

  test("a program that writes into its own directory is a change of code", () => {
    const trainer = { trainer: { command: ["python3", "train.py"] } };
    expect(cyclesOf({ codeChange: { everySeconds: 60 } }, {}, trainer)).toEqual(["codeChange"]);
    expect(cyclesOf({ codeChange: {} }, {}, trainer)).toEqual([]);
    expect(cyclesOf({ codeChange: { everySeconds: 60 } })).toEqual([]);
  });
});

test.each<[string, Partial<Triggers>]>([
  ["a cooldown for all", { cooldownSeconds: 1 }],
  ["a budget for all", { runsPerDay: 1440 }],
  ["a cooldown of its own", { newData: { minRows: 1, cooldownSeconds: 1 } }],
  ["a budget of its own", { newData: { minRows: 1, runsPerDay: 5 } }],
  ["a debounce", { newData: { minRows: 1, debounce: { quietSeconds: 1, maxDelaySeconds: 1 } } }],
])("%s is a limit", (_, triggers) => {
  expect(cyclesOf({ drift: null, ...triggers }, { feedback })).toEqual([]);
});

const file = `pipeline: flights
data:
  columns: {date: timestamp, delayed: boolean}
  label: delayed
features:
  view: departures
  columns: {hour: hour(date)}
training:
  task: binary
  triggers:
    drift: {minNewRows: 0}
    cooldownSeconds: 0
    runsPerDay: 100000
`;

test("a file with such a policy is refused where the limit was taken away, with the cycle", () => {
  expect(problemsOf(file)).toEqual([
    "12:22 training.triggers.cooldownSeconds: with no cooldown and 100000 runs a day, drift could train for ever: drift.detected → training-run.requested → model-version.promoted → rollout.completed → predictions.logged → window.closed → drift.detected. Set cooldownSeconds above 0, or runsPerDay to at most 1440, here or in drift",
  ]);
  expect(problemsOf(file.replace("cooldownSeconds: 0", "cooldownSeconds: 1"))).toEqual([]);
});
