import { describe, expect, test } from "vitest";
import { examplePipeline } from "./example.ts";
import { PipelineSpec } from "./pipeline-spec.ts";

/** The least that a person has to write. */
const least = {
  pipeline: "flight-delays",
  data: { columns: { date: "timestamp", origin: "string", delayed: "boolean" }, label: "delayed" },
  features: { view: "departures", columns: { hour: "hour(date)", origin: "origin" } },
  training: { task: "binary" },
};

type Section = Record<string, unknown>;

/** The problems of the smallest pipeline after the sections were changed, as `path: message`. */
function problems(changes: Record<string, unknown>): string[] {
  const sections = new Map<string, unknown>(Object.entries(least));
  for (const [name, change] of Object.entries(changes)) {
    const section = sections.get(name);
    sections.set(name, isSection(section) && isSection(change) ? { ...section, ...change } : change);
  }
  const result = PipelineSpec.safeParse(Object.fromEntries(sections));
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null;
}

test("a person writes what is particular; everything else has a default", () => {
  expect(PipelineSpec.parse(least)).toEqual({
    ...least,
    validation: { expectations: [], infer: true, onViolation: "reject", maxQuarantinedShare: 0.1 },
    training: {
      task: "binary",
      trainer: "builtin/gbdt",
      parameters: {},
      seed: 1,
      split: { train: 0.7, validation: 0.15, holdout: 0.15 },
      timeoutSeconds: 600,
      memoryMiB: 2048,
      triggers: {
        newData: { minRows: 1 },
        drift: { minNewRows: 1 },
        qualityDrop: { minNewRows: 1 },
        cooldownSeconds: 60,
        runsPerDay: 24,
      },
    },
    evaluation: { gates: [], maxModelBytes: 67_108_864 },
    promotion: { approval: "automatic" },
    deployment: { strategy: "direct", analysis: { maxErrorShare: 0.01 }, replicaTimeoutSeconds: 60 },
    monitoring: {
      window: { predictions: 1000 },
      drift: { test: "psi", threshold: 0.2, minColumns: 1 },
      quality: null,
      feedback: null,
    },
  });
});

test("a pipeline with its defaults filled in is read as itself", () => {
  expect(PipelineSpec.parse(examplePipeline)).toEqual(examplePipeline);
  const full = PipelineSpec.parse(least);
  expect(PipelineSpec.parse(JSON.parse(JSON.stringify(full)))).toEqual(full);
});

test("the defaults of one pipeline are not those of another", () => {
  const first = PipelineSpec.parse(least);
  first.training.split.train = 0.1;
  first.validation.expectations.push({ column: "origin" });
  expect(PipelineSpec.parse(least).training.split.train).toBe(0.7);
  expect(PipelineSpec.parse(least).validation.expectations).toEqual([]);
});

test.each([
  "all",
  { rows: 1000 },
  { batches: 3 },
  { duration: "30d" },
  { duration: "30d", halfLife: "7d" },
  { halfLife: "12h" },
])("%j is a window to train on", (window) => {
  const data = { ...least.data, eventTime: "date" };
  expect(problems({ data, training: { window } })).toEqual([]);
});

const rides = {
  columns: { at: "timestamp", rider: "string", fare: "number", tip: "number" },
  eventTime: "at",
  label: "tip",
};
const riders = {
  entity: ["rider"],
  columns: { usual: "fare" },
  aggregates: { fares: { function: "sum", of: "fare", over: "30d" } },
};
const joined = {
  view: "riders",
  on: ["rider"],
  ttl: "90d",
  columns: { usual_fare: "usual", month: "fares" },
};
const views = (features: Section) => ({
  data: rides,
  training: { task: "regression" },
  features: { view: "rides", columns: { fare: "fare" }, ...features },
});

test("a view may have an entity, aggregates, further views and joins, and all of it is features to watch", () => {
  const features = {
    entity: ["rider"],
    createdTime: "at",
    aggregates: { rides: { function: "count", over: "7d" } },
    joins: [joined, { ...joined, pipeline: "profiles", columns: { home: "city" } }],
    views: { riders },
    shared: true,
  };
  const drift = { columns: ["fare", "rides", "month", "home"], minColumns: 4 };
  expect(problems({ ...views(features), monitoring: { drift } })).toEqual([]);
});

test.each<[string, Section, string]>([
  ["no entity", { shared: true }, "features: aggregates and shared views need an entity"],
  [
    "an entity that is a number",
    { entity: ["fare"] },
    'features.entity.0: "fare" is a number: an entity is named by text, whole numbers or booleans',
  ],
  ["an entity that is the label", { entity: ["tip"] }, "features.entity.0: the label cannot name an entity"],
  [
    "a sum of nothing",
    { entity: ["rider"], aggregates: { all: { function: "sum", over: "7d" } } },
    "features.aggregates.all.of: only count needs no expression",
  ],
  [
    "a window of no length",
    { entity: ["rider"], aggregates: { all: { function: "count", over: "week" } } },
    "features.aggregates.all.over: must be a duration such as 30m, 12h, 7d or 2w",
  ],
  [
    "two features of one name",
    { entity: ["rider"], aggregates: { fare: { function: "count", over: "7d" } } },
    "features.aggregates.fare: a column of the view has this name",
  ],
  ["a join to nothing", { joins: [joined] }, 'features.joins.0.view: "riders" is not among features.views'],
  [
    "a join to itself",
    { joins: [{ ...joined, view: "rides" }] },
    "features.joins.0.view: a view cannot join itself",
  ],
  [
    "a join on another type",
    { views: { riders: { ...riders, entity: ["rider"] } }, joins: [{ ...joined, on: ["rider", "rider"] }] },
    'features.joins.0.on: the entity of "riders" is string, not string, string',
  ],
  [
    "a column that the view lacks",
    { views: { riders }, joins: [{ ...joined, columns: { x: "nothing" } }] },
    'features.joins.0.columns.x: "riders" has no column "nothing"',
  ],
  [
    "the label's name",
    { views: { riders }, joins: [{ ...joined, columns: { tip: "usual" } }] },
    "features.joins.0.columns.tip: this is the label's name",
  ],
  [
    "the name of a column",
    { views: { riders }, joins: [{ ...joined, columns: { Fare: "usual" } }] },
    "features.joins.0.columns.Fare: a column of the data has this name",
  ],
  [
    "a view of nothing",
    { views: { riders: { entity: ["rider"] } } },
    "features.views.riders: a view needs columns or aggregates",
  ],
])("a view with %s is refused", (_, features, problem) => {
  expect(problems(views(features))).toContain(problem);
});

test("a view that remembers needs an event time", () => {
  const { eventTime: _, ...timeless } = rides;
  const message = "features: what an entity was like at a time needs data.eventTime";
  expect(problems({ ...views({ entity: ["rider"] }), data: timeless })).toContain(message);
});

const leaves = { min: 8, max: 64, scale: "log", integer: true };
const depth = { choices: [3, 6, 9] };
const search = (changes: Section) => ({ training: { search: { space: { leaves, depth }, ...changes } } });

test("a search needs no more than its space", () => {
  const spec = PipelineSpec.parse({ ...least, training: { task: "binary", search: { space: { leaves } } } });
  expect(spec.training.search).toEqual({ method: "tpe", space: { leaves }, trials: 20, parallel: 1 });
  const halving = { resource: "roundsMax", min: 10, max: 90 };
  expect(problems(search({ method: "halving", halving }))).toEqual([]);
});

test.each<[string, Section, string]>([
  ["of nothing", { space: {} }, "space: there is nothing to search"],
  [
    "from above to below",
    { space: { leaves: { min: 9, max: 3 } } },
    "space.leaves: min is above max: there is nothing between them",
  ],
  [
    "of one number",
    { space: { leaves: { min: 9, max: 9 } } },
    "space.leaves: min is max: give the one value in training.parameters instead",
  ],
  [
    "of factors from zero",
    { space: { rate: { min: 0, max: 1, scale: "log" } } },
    "space.rate.min: must be above 0 on a log scale",
  ],
  [
    "of whole numbers between halves",
    { space: { leaves: { min: 0.5, max: 4, integer: true } } },
    "space.leaves.min: must be a whole number, as integer is true",
  ],
  [
    "of a range that overflows",
    { space: { rate: { min: -1.7e308, max: 1.7e308 } } },
    "space.rate: the range is too wide to be counted",
  ],
  [
    "among no choices",
    { space: { kind: { choices: [] } } },
    "space.kind.choices: is empty: there is nothing to choose from",
  ],
  ["of one choice twice", { space: { kind: { choices: [1, 1] } } }, "space.kind.choices.1: is there twice"],
  ["for another task's metric", { metric: "rmse" }, "metric: rmse is no metric of a binary task"],
  [
    "for a metric of one's own without a goal",
    { metric: "profit" },
    "metric: is not known to Cascade: say with goal whether to minimize or to maximize it",
  ],
  ["for the worst", { metric: "auc", goal: "minimize" }, "goal: auc is better the other way: maximize"],
  [
    "by halving nothing",
    { method: "halving" },
    "method: halving needs training.search.halving with resource, min and max",
  ],
  [
    "by halving what is varied",
    { method: "halving", halving: { resource: "leaves", min: 1, max: 9 } },
    "halving.resource: is varied by training.search.space too",
  ],
  [
    "by halving once",
    { method: "halving", halving: { resource: "roundsMax", min: 5, max: 9 } },
    "halving: max is below 3 times min: no trial could go on",
  ],
])("a search %s is refused", (_, changes, problem) => {
  expect(problems(search(changes))).toContain(`training.search.${problem}`);
});

test("a parameter is either searched or fixed", () => {
  const training = { parameters: { leaves: 3 }, search: { space: { leaves } } };
  expect(problems({ training })).toEqual([
    "training.search.space.leaves: training.parameters has a fixed value for it",
  ]);
});

describe("refused", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a window by age without an event time",
      { training: { window: { duration: "7d" } } },
      "training.window: rows have an age only where data.eventTime is declared",
    ],
    [
      "a split by time without an event time",
      { training: { split: { train: 0.8, validation: 0.1, holdout: 0.1, by: "time" } } },
      "training.split.by: a split by time needs data.eventTime",
    ],
    [
      "a split by key without a key",
      { training: { split: { train: 0.8, validation: 0.1, holdout: 0.1, by: "key" } } },
      "training.split.by: a split by key needs training.split.key or data.key",
    ],
    [
      "a split by a key that is no column",
      { training: { split: { train: 0.8, validation: 0.1, holdout: 0.1, key: ["who"] } } },
      'training.split.key.0: "who" is no column of data.columns',
    ],
    [
      "a label that is no column",
      { data: { label: "late" } },
      'data.label: "late" is no column of data.columns',
    ],
    [
      "an event time that is no column",
      { data: { eventTime: "at" } },
      'data.eventTime: "at" is no column of data.columns',
    ],
    [
      "an event time of another type",
      { data: { eventTime: "origin" } },
      "data.eventTime: the event time must be a column of type timestamp",
    ],
    [
      "a key that is no column",
      { data: { key: ["origin", "id"] } },
      'data.key.1: "id" is no column of data.columns',
    ],
    [
      "a repeated key without a key",
      { data: { repeatedKey: "keep" } },
      "data.repeatedKey: without data.key no key can come again",
    ],
    [
      "a unique column that is none",
      { validation: { unique: ["id"] } },
      'validation.unique.0: "id" is no column of data.columns',
    ],
    [
      "an expectation about no column",
      { validation: { expectations: [{ column: "id" }] } },
      'validation.expectations.0.column: "id" is no column of data.columns',
    ],
    [
      "an expectation that no value meets",
      { validation: { expectations: [{ column: "origin", min: 2, max: 1 }] } },
      "validation.expectations.0: min is above max: no value can be right",
    ],
    [
      "a span of time that ends before it begins",
      {
        validation: {
          expectations: [{ column: "date", min: "2026-01-02T00:00:00Z", max: "2026-01-01T00:00:00Z" }],
        },
      },
      "validation.expectations.0: min is above max: no value can be right",
    ],
    [
      "a row count that no batch has",
      { validation: { rowCount: { min: 2, max: 1 } } },
      "validation.rowCount: min is above max: no batch can be right",
    ],
    [
      "a required column that may be missing",
      { validation: { expectations: [{ column: "origin", required: true, maxNullShare: 0.5 }] } },
      "validation.expectations.0: required and a maxNullShare above 0 contradict each other",
    ],
    [
      "a pattern of times",
      { validation: { expectations: [{ column: "date", pattern: "2.*" }] } },
      "validation.expectations.0: a pattern does not apply to a column of type timestamp",
    ],
    [
      "texts that are finite",
      { validation: { expectations: [{ column: "origin", finite: true }] } },
      "validation.expectations.0: only a column of type number can be infinite, not string",
    ],
    [
      "demands of an event time that is not declared",
      { data: { eventTime: undefined }, validation: { eventTime: { maxAgeSeconds: 60 } } },
      "validation.eventTime: there is no data.eventTime of which anything could be demanded",
    ],
    [
      "classes of a number",
      { training: { task: "regression" }, validation: { labelBalance: { minShare: 0.1 } } },
      "validation.labelBalance: the label of a regression has no classes",
    ],
    [
      "two classes with more than half of the rows each",
      { validation: { labelBalance: { minShare: 0.6 } } },
      "validation.labelBalance: two classes cannot be spread like this: no batch can be right",
    ],
    [
      "a distribution of no column",
      { validation: { distributions: [{ column: "id" }] } },
      'validation.distributions.0.column: "id" is no column of data.columns',
    ],
    [
      "a test of numbers for texts",
      { validation: { distributions: [{ column: "origin", test: "wasserstein" }] } },
      "validation.distributions.0.test: wasserstein compares numbers or times, not a column of type string",
    ],
    [
      "a p value above 1",
      { validation: { distributions: [{ column: "origin", test: "chi-square", threshold: 2 }] } },
      "validation.distributions.0.threshold: the p value of chi-square is never above 1: no batch can be right",
    ],
    [
      "a column that may leak and is none",
      { validation: { leakage: { ignore: ["id"] } } },
      'validation.leakage.ignore.0: "id" is no column of data.columns',
    ],
    [
      "a reference of no column",
      { validation: { references: [{ column: "id", pipeline: "airports", of: "code" }] } },
      'validation.references.0.column: "id" is no column of data.columns',
    ],
    [
      "a reference to itself",
      { validation: { references: [{ column: "origin", pipeline: "flight-delays", of: "origin" }] } },
      "validation.references.0.pipeline: a batch cannot refer to its own pipeline: name another one",
    ],
    [
      "the label as a feature",
      { features: { columns: { delayed: "delayed" } } },
      "features.columns.delayed: a feature may not have the label's name: the model would see what it is to predict",
    ],
    ["no feature", { features: { columns: {} } }, "features.columns: declare at least one feature"],
    [
      "drift of what is no feature",
      { monitoring: { drift: { columns: ["distance"] } } },
      'monitoring.drift.columns.0: "distance" is no feature of features.columns',
    ],
    [
      "drift of more features than are watched",
      { monitoring: { drift: { minColumns: 3 } } },
      "monitoring.drift.minColumns: only 2 features are watched, so 3 can never drift",
    ],
    [
      "drift of more columns than are named",
      { monitoring: { drift: { columns: ["hour"], minColumns: 2 } } },
      "monitoring.drift.minColumns: only 1 features are watched, so 2 can never drift",
    ],
    [
      "a primary metric of another task",
      { evaluation: { metric: "rmse" } },
      "evaluation.metric: rmse is no metric of a binary task",
    ],
    [
      "a gate on a metric of another task",
      { evaluation: { gates: [{ metric: "mae", max: 1 }] } },
      "evaluation.gates.0.metric: mae is no metric of a binary task",
    ],
    [
      "quality by a metric of another task",
      { monitoring: { quality: { metric: "r2", maxDrop: 0.1 } } },
      "monitoring.quality.metric: r2 is no metric of a binary task",
    ],
    [
      "a classification metric for a regression",
      { training: { task: "regression" }, evaluation: { metric: "auc" } },
      "evaluation.metric: auc is no metric of a regression task",
    ],
    [
      "a gate that lets everything pass",
      { evaluation: { gates: [{ metric: "auc" }] } },
      "evaluation.gates.0: a gate needs min, max or beatsChampionBy: this one lets everything pass",
    ],
    [
      "a gate that lets nothing pass",
      { evaluation: { gates: [{ metric: "auc", min: 0.9, max: 0.8 }] } },
      "evaluation.gates.0: min is above max: nothing can pass",
    ],
    [
      "shares that do not add up",
      { training: { split: { train: 0.7, validation: 0.2, holdout: 0.2 } } },
      "training.split: the shares must add up to 1",
    ],
    [
      "a canary without steps",
      { deployment: { strategy: "canary" } },
      "deployment.steps: a canary rollout needs steps",
    ],
    [
      "weights that do not rise",
      { deployment: { strategy: "canary", steps: [{ weightPercent: 50 }, { weightPercent: 50 }] } },
      "deployment.steps: weights must rise from step to step",
    ],
    [
      "a name that is no slug",
      { pipeline: "Flight Delays" },
      "pipeline: must be a slug: lower-case letters, digits and dashes, at most 63 characters",
    ],
    ["a view that is no slug", { features: { view: "a.b" } }, "features.view: must be a slug"],
  ])("%s", (_name, change, problem) => {
    expect(problems(change)).toEqual([problem]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["at the top", { trainning: {} }],
    ["in a section", { data: { lable: "x" } }],
    ["deep inside", { training: { triggers: { cooldown: 5 } } }],
    ["in a gate", { evaluation: { gates: [{ metric: "auc", minimum: 0.5 }] } }],
    ["in a rollout step", { deployment: { steps: [{ weightPercent: 5, minutes: 1 }] } }],
  ])("an unknown key %s", (_name, change) => {
    expect(problems(change).length).toBeGreaterThan(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ["no column", { data: { columns: {} } }],
    ["a share above 1", { validation: { maxQuarantinedShare: 1.1 } }],
    ["an unknown trainer", { training: { trainer: "builtin/magic" } }],
    ["a trainer without a command", { training: { trainer: { command: [] } } }],
    ["no time for training", { training: { timeoutSeconds: 0 } }],
    ["more than a day for training", { training: { timeoutSeconds: 86_401 } }],
    ["a split without holdout", { training: { split: { train: 0.8, validation: 0.2, holdout: 0 } } }],
    ["a weight above 100", { deployment: { strategy: "canary", steps: [{ weightPercent: 101 }] } }],
    ["an endless threshold", { monitoring: { drift: { threshold: Number.POSITIVE_INFINITY } } }],
    ["a window that is too small to compare", { monitoring: { window: { predictions: 9 } } }],
    ["an unknown column type", { data: { columns: { delayed: "uuid" } } }],
    ["SQL without end", { features: { columns: { hour: "x".repeat(4001) } } }],
  ])("%s", (_name, change) => {
    expect(problems(change).length).toBeGreaterThan(0);
  });

  test("a trainer in an image that has a directory on another machine", () => {
    const trainer = { command: ["python3"], image: "registry.example/trainer:1", directory: "trainers" };
    expect(problems({ training: { trainer } }).join()).toContain("leave the directory out");
  });

  test("all mistakes are told at once", () => {
    expect(
      problems({ data: { label: "late", eventTime: "at" }, evaluation: { metric: "rmse" } }),
    ).toHaveLength(3);
  });

  test.each([null, undefined, [], "pipeline", 5])("%j, which is no pipeline at all", (value) => {
    expect(PipelineSpec.safeParse(value).success).toBe(false);
  });
});

describe("accepted", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a trigger that is off", { training: { triggers: { drift: null, newData: null } } }],
    ["no watch on drift", { monitoring: { drift: null } }],
    [
      "a gate against the champion that allows a loss",
      { evaluation: { gates: [{ metric: "auc", beatsChampionBy: -0.01 }] } },
    ],
    ["a range of one value", { validation: { expectations: [{ column: "origin", min: 1, max: 1 }] } }],
    [
      "a trainer of one's own",
      { training: { trainer: { command: ["python3", "train.py"], directory: "trainers" } } },
    ],
    [
      "a trainer in an image",
      { training: { trainer: { command: ["python3", "train.py"], image: "registry.example/trainer:1" } } },
    ],
    ["a feature with its kind", { features: { columns: { hour: { sql: "hour(date)", kind: "category" } } } }],
    [
      "rising weights",
      { deployment: { strategy: "canary", steps: [{ weightPercent: 5 }, { weightPercent: 50 }] } },
    ],
    [
      "regression with its metrics",
      {
        training: { task: "regression" },
        evaluation: { metric: "rmse", gates: [{ metric: "mae", max: 3 }] },
      },
    ],
  ])("%s", (_name, change) => {
    expect(problems(change)).toEqual([]);
  });
});
