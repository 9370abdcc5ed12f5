import { fullFile, type Setting, settingsOf, withLine } from "./full-file.ts";
import type { PipelineFileCase } from "./pipeline-file-case.ts";

const settings = settingsOf(fullFile("any"));
// What takes any value, or whose name the author chooses.
const free = /^(training\.parameters\.|data\.columns\.|features\.columns\.)/;
const leaves = settings.filter(({ value }) => value !== undefined);
const numbers = leaves.filter(({ value, path }) => /^[0-9.]+$/.test(value ?? "") && !free.test(path));

const exchange =
  ({ line, value }: Setting, by: string) =>
  (pipeline: string) =>
    withLine(fullFile(pipeline), line, (text) => text.replace(value ?? "", by));

/** Each setting with a value of the wrong kind. */
const wrongKinds = leaves
  .filter(({ path }) => path !== "pipeline" && !path.startsWith("training.parameters."))
  .map(
    (setting): PipelineFileCase => ({
      name: `a list of mappings as ${setting.path}`,
      row: 53,
      wanted: { line: setting.line, column: setting.valueColumn, path: setting.path, says: "must be" },
      text: exchange(setting, "[{constructor: {prototype: 1}}]"),
    }),
  );

/** Each number as one that is none: a gate or a limit that compares with it would never refuse. */
const noNumbers = numbers.map((setting, index): PipelineFileCase => {
  const [value = ".nan"] = [".nan", ".inf", "-.inf", "1e999"].slice(index % 4);
  return {
    name: `${value} as ${setting.path}`,
    row: 4,
    wanted: { line: setting.line, column: setting.valueColumn, path: setting.path, says: "must be" },
    text: exchange(setting, value),
  };
});

const sections = settings.filter(({ value, path }) => value === undefined && !free.test(`${path}.`));

/** Each section a second time, so that a reader sees one and the service takes the other. */
const twice = sections.map(
  ({ path, key, line, keyColumn }): PipelineFileCase => ({
    name: `${path} twice`,
    row: 3,
    wanted: { line: line + 1, column: keyColumn, path, says: "is there twice" },
    text: (pipeline) =>
      withLine(fullFile(pipeline), line, (text) => `${" ".repeat(keyColumn - 1)}${key}: {}\n${text}`),
  }),
);

/** Each section with a setting that nobody knows: what has no effect must not look as if it had one. */
const unknown = sections
  .filter(({ path }) => !/\.(key|unique|columns|expectations|gates|steps|parameters)$/.test(path))
  .map(
    ({ path, line, keyColumn }): PipelineFileCase => ({
      name: `an unknown setting in ${path}`,
      row: 53,
      wanted: { line: line + 1, column: keyColumn + 2, path: `${path}.еnabled`, says: "unknown here" },
      text: (pipeline) =>
        // The first letter is not of our alphabet.
        withLine(fullFile(pipeline), line, (text) => `${text}\n${" ".repeat(keyColumn + 1)}еnabled: false`),
    }),
  );

export const wrongSettings: readonly PipelineFileCase[] = [...wrongKinds, ...noNumbers, ...twice, ...unknown];
