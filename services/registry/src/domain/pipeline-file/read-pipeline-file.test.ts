import { describe, expect, test } from "vitest";
import { good, problemsOf } from "./good-file.ts";
import { readPipelineFile } from "./read-pipeline-file.ts";

/** The problems of the good file after one change. */
function changed(from: string, to: string): string[] {
  expect(good).toContain(from);
  return problemsOf(good.replace(from, to));
}

test("a good file is read with every default filled in, in the author's order", () => {
  const file = readPipelineFile(good, "flights");
  if (file.status === "refused") throw new Error(JSON.stringify(file.problems));
  expect(file.spec.deployment.strategy).toBe("direct");
  expect(Object.keys(file.spec.features.columns)).toEqual(["hour", "origin"]);
});

describe("missing and unknown settings", () => {
  test("a missing setting is told at the one around it, a misspelt one at its name", () => {
    expect(changed("  label: delayed", "  lable: delayed")).toEqual([
      "2:1 data.label: is missing: the column to predict",
      '5:3 data.lable: "lable" is unknown here; did you mean label?',
    ]);
  });

  test("a setting like no other is told with what is known", () => {
    expect(changed("evaluation:", "zz: 1\nevaluation:")).toEqual([
      '13:1 zz: "zz" is unknown here; known are pipeline, data, validation, features, training, evaluation, promotion, deployment, monitoring',
    ]);
  });

  test("an empty setting is told at its name", () => {
    expect(changed("  view: departures", "  view:")).toEqual([
      "7:8 features.view: is empty: it must be text",
    ]);
  });

  test("a choice that is missing is told with the choices", () => {
    expect(changed("{metric: auc, min: 0.6}", "{min: 0.6}")).toEqual([
      "15:7 evaluation.gates[0].metric: is missing: one of auc, averagePrecision, logLoss, brier, accuracy, precision, recall, f1, calibrationError, rmse, mae, mape, r2, medianError, p90Error",
    ]);
  });
});

describe("wrong values", () => {
  test.each([
    [
      "task: binary",
      "task: binray",
      '12:9 training.task: must be one of binary, multiclass, regression, not "binray"; did you mean binary?',
    ],
    [
      "origin: string",
      "origin: str",
      '3:38 data.columns.origin: must be one of boolean, integer, number, string, timestamp, not "str"',
    ],
    ["task: binary", "task: binary\n  seed: 1.5", "13:9 training.seed: must be a whole number, not 1.5"],
    ["task: binary", "task: binary\n  memoryMiB: 0", "13:14 training.memoryMiB: must be above 0, not 0"],
    [
      "task: binary",
      "task: binary\n  timeoutSeconds: 1e9",
      "13:19 training.timeoutSeconds: must be at most 86400, not 1000000000",
    ],
    ["pipeline: flights", "pipeline: 5", "1:11 pipeline: must be text, not 5"],
    [
      "task: binary",
      "task: binary\n  split: {train: 0.5, validation: 0.1, holdout: 0.1}",
      "13:10 training.split: the shares must add up to 1",
    ],
    [
      "evaluation:",
      "validation: {unique: []}\nevaluation:",
      "13:22 validation.unique: must have at least 1 entry",
    ],
    [
      "evaluation:",
      "deployment: {strategy: canary}\nevaluation:",
      "13:1 deployment.steps: a canary rollout needs steps",
    ],
  ])("%j as %j", (from, to, expected) => {
    expect(changed(from, to)).toEqual([expected]);
  });

  test("sections are compared with one another", () => {
    expect(changed("label: delayed", "label: delay")).toEqual([
      '5:10 data.label: "delay" is no column of data.columns',
    ]);
    expect(changed("eventTime: date", "eventTime: origin")).toEqual([
      "4:14 data.eventTime: the event time must be a column of type timestamp",
    ]);
  });
});

describe("settings that can be written in several ways", () => {
  test.each([
    [
      "task: binary",
      "task: binary\n  trainer: builtin/gbt",
      [
        '13:12 training.trainer: must be one of builtin/gbdt, builtin/linear or a mapping of command, directory, image, data, not "builtin/gbt"; did you mean builtin/gbdt?',
      ],
    ],
    [
      "task: binary",
      "task: binary\n  trainer: {comand: [a]}",
      [
        "13:3 training.trainer.command: is missing: program and arguments",
        '13:13 training.trainer.comand: "comand" is unknown here; did you mean command?',
      ],
    ],
    [
      "origin: origin",
      "origin: {sql: origin}",
      ["10:5 features.columns.origin.kind: is missing: one of number, category"],
    ],
    [
      "origin: origin",
      "origin: 5",
      ["10:13 features.columns.origin: must be text or a mapping of sql, kind, not 5"],
    ],
    ["origin: origin", "origin: ''", ["10:13 features.columns.origin: must not be empty"]],
    [
      "{metric: auc, min: 0.6}",
      "{metric: auc, min: 0.6, beatsChampionBy: 0}",
      ["15:31 evaluation.gates[0].beatsChampionBy: beatsChampionBy cannot stand beside metric, min"],
    ],
    [
      "{metric: auc, min: 0.6}",
      "{metric: auc, between: origin, maxGap: -1}",
      ["15:46 evaluation.gates[0].maxGap: must be at least 0, not -1"],
    ],
    [
      "{metric: auc, min: 0.6}",
      "{metric: auc, beatsChampionBy: much}",
      ['15:21 evaluation.gates[0].beatsChampionBy: must be a number, not "much"'],
    ],
    [
      "{metric: auc, min: 0.6}",
      "5",
      [
        "15:7 evaluation.gates[0]: must be a mapping of metric, min, max, slice, minRows, maxGap, between, beatsChampionBy, confidence, not 5",
      ],
    ],
    [
      "evaluation:",
      "validation: {expectations: [{column: origin, min: yesterday}]}\nevaluation:",
      [
        '13:51 validation.expectations[0].min: must be a moment in UTC such as 2026-03-01T06:00:00Z, not "yesterday"',
      ],
    ],
  ])("%j as %j", (from, to, expected) => {
    expect(changed(from, to)).toEqual(expected);
  });
});

describe("all mistakes at once", () => {
  test("a mistake in one section does not hide that two others do not fit together", () => {
    const text = good
      .replace("label: delayed", "label: delay")
      .replace("task: binary", "task: binray\n  seed: -1")
      .replace("min: 0.6", "mni: 0.6");
    expect(problemsOf(text)).toEqual([
      '5:10 data.label: "delay" is no column of data.columns',
      '12:9 training.task: must be one of binary, multiclass, regression, not "binray"; did you mean binary?',
      "13:9 training.seed: must be at least 0, not -1",
      '16:21 evaluation.gates[0].mni: "mni" is unknown here; did you mean min?',
    ]);
  });

  test("what depends on a mistake is not told as another one", () => {
    const text = good
      .replace("date: timestamp", "date: time")
      .replace("hour: hour(date)", "hour: 7")
      .replace("evaluation:", "monitoring: {drift: {columns: [hour]}}\nevaluation:");
    expect(problemsOf(text).map((problem) => problem.split(":")[1]?.split(" ")[1])).toEqual([
      "data.columns.date",
      "features.columns.hour",
    ]);
  });

  test("a missing task leaves the metrics alone, and the rest is still compared", () => {
    const text = good.replace("  task: binary", "  seed: 1").replace("eventTime: date", "eventTime: day");
    expect(problemsOf(text)).toEqual([
      '4:14 data.eventTime: "day" is no column of data.columns',
      "11:1 training.task: is missing: one of binary, multiclass, regression",
    ]);
  });
});

describe("the name", () => {
  test("in the file is the one it is submitted under", () => {
    expect(problemsOf(good, "other")).toEqual([
      '1:11 pipeline: is "flights", but the file was submitted as "other": submit it under its own name',
    ]);
  });

  test("of a file that could not be read by its sender is taken from the file", () => {
    expect(problemsOf(good, "unnamed")).toEqual([]);
  });
});

describe("a schedule", () => {
  const withSchedule = (schedule: string) =>
    changed("task: binary", `task: binary\n  triggers:\n    schedule: ${schedule}`);

  test.each([
    ['{cron: "0 3 * * 1-5", timeZone: Europe/Berlin}', []],
    [
      '{cron: "0 3 30 2 *"}',
      ["14:22 training.triggers.schedule.cron: no day is ever like this: nothing would be due"],
    ],
    [
      '{cron: "0 25 * * *"}',
      [
        '14:22 training.triggers.schedule.cron: cannot be read as "minute hour day month weekday": Invalid value for hour: 25',
      ],
    ],
    [
      '{cron: "0 3 * * *", timeZone: Europe/Berlyn}',
      [
        '14:45 training.triggers.schedule.timeZone: "Europe/Berlyn" is no time zone: use a name such as UTC or Europe/Berlin',
      ],
    ],
    [
      '{cron: "0 3 31 2 *", timeZone: Berlin, minRows: 3}',
      [
        "14:22 training.triggers.schedule.cron: no day is ever like this: nothing would be due",
        '14:46 training.triggers.schedule.timeZone: "Berlin" is no time zone: use a name such as UTC or Europe/Berlin',
        '14:54 training.triggers.schedule.minRows: "minRows" is unknown here; did you mean minNewRows?',
      ],
    ],
    [
      "{cron: tomorrow}",
      [
        '14:22 training.triggers.schedule.cron: must be five fields such as "0 3 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly, not "tomorrow"',
      ],
    ],
  ])("%s", (schedule, problems) => {
    expect(withSchedule(schedule)).toEqual(problems);
  });
});
