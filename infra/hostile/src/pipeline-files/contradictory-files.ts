import { fullFile, settingsOf } from "./full-file.ts";
import type { PipelineFileCase } from "./pipeline-file-case.ts";

const settings = settingsOf(fullFile("any"));

/** The file with one setting exchanged, and where the problem must be told. */
function changed(
  name: string,
  path: string,
  value: string,
  says: string,
  told: { readonly at?: string; readonly part?: "key" | "value"; readonly path?: string } = {},
): PipelineFileCase {
  const setting = settings.find((one) => one.path === path);
  const place = settings.find((one) => one.path === (told.at ?? path));
  if (setting === undefined || place === undefined) throw new Error(`${path} is no setting of the full file`);
  // What holds settings begins with the first of them, on the next line.
  const inside = { line: place.line + 1, column: place.keyColumn + 2 };
  const ofValue = place.value === undefined ? inside : { line: place.line, column: place.valueColumn };
  const found = told.part === "key" ? { line: place.line, column: place.keyColumn } : ofValue;
  return {
    name,
    row: 53,
    wanted: { ...found, path: told.path ?? place.path, says },
    text: (pipeline) =>
      fullFile(pipeline)
        .split("\n")
        .map((line, index) => (index === setting.line - 1 ? line.replace(/: .*$/, `: ${value}`) : line))
        .join("\n"),
  };
}

/** Files in which every setting is right, and which cannot work, or look like a guard and guard nothing. */
export const contradictoryFiles: readonly PipelineFileCase[] = [
  changed("a label that is no column", "data.label", "tips", "is no column"),
  changed("a label named like a method", "data.label", "constructor", "is no column"),
  changed("a time that is no timestamp", "data.eventTime", "city", "must be a column of type timestamp"),
  changed("an expectation of no column", "validation.expectations[0].column", "toString", "is no column"),
  changed("a range without values", "validation.expectations[1].max", "-1", "no value can be right", {
    at: "validation.expectations[1].column",
    part: "key",
    path: "validation.expectations[1]",
  }),
  changed("a number of rows that no batch has", "validation.rowCount.min", "2000", "no batch can be right", {
    at: "validation.rowCount",
  }),
  changed("shares beyond the whole", "training.split.train", "0.9", "must add up to 1", {
    at: "training.split",
  }),
  changed("a metric of another task", "evaluation.metric", "auc", "no metric of a regression task"),
  changed("a gate of another task", "evaluation.gates[0].metric", "auc", "no metric of a regression task"),
  changed("a quality of another task", "monitoring.quality.metric", "auc", "no metric of a regression task"),
  changed("a task that does not fit its metrics", "training.task", "binary", "no metric of a binary task", {
    at: "evaluation.metric",
  }),
  changed("more drifting columns than there are", "monitoring.drift.minColumns", "9", "can never drift"),
  changed("no budget", "training.triggers.runsPerDay", "0", "must be above 0"),
  changed("a budget without end", "training.triggers.runsPerDay", "1e300", "must be"),
  changed("a pause of less than nothing", "training.triggers.cooldownSeconds", "-1", "must be at least 0"),
  changed("a run of years", "training.timeoutSeconds", "1e8", "must be at most 86400"),
  changed("a share above one", "deployment.analysis.maxErrorShare", "2", "must be at most 1"),
  changed("traffic above all of it", "deployment.steps[0].weightPercent", "101", "must be at most 100"),
  changed("traffic of nobody", "deployment.steps[0].weightPercent", "0", "must be at least 1"),
  changed("half a percent", "deployment.steps[0].weightPercent", "0.5", "must be a whole number"),
  changed("a window of one", "monitoring.window.predictions", "1", "must be at least 10"),
  changed("a window of a billion", "monitoring.window.predictions", "1000000000", "must be at most 1000000"),
  changed("a drift of less than nothing", "monitoring.drift.threshold", "-0.1", "must be above 0"),
  changed("a fall of nothing", "monitoring.quality.maxDrop", "0", "must be above 0"),
  changed("a number in quotes", "training.seed", '"7"', "must be a number"),
  changed("a seed of more digits than a double has", "training.seed", "9007199254740993", "must be"),
  changed("no as a yes-or-no", "validation.infer", "no", "must be"),
  changed("a trainer that is a path", "training.trainer", "../../bin/sh", "must be one of"),
  changed("a trainer named like a method", "training.trainer", "__proto__", "must be one of"),
  changed("a view that climbs", "features.view", "../trips", "must be a slug"),
  changed("a view that is a wildcard", "features.view", '"*"', "must be a slug"),
  changed("an expression of 5,000 characters", "features.columns.hour", "x".repeat(5000), "at most 4000"),
  changed("an approval by nobody", "promotion.approval", "never", "must be one of"),
];
