import { readPipelineFile } from "./read-pipeline-file.ts";

/** The file that the tests change. */
export const good = `pipeline: flights
data:
  columns: {date: timestamp, origin: string, delayed: boolean}
  eventTime: date
  label: delayed
features:
  view: departures
  columns:
    hour: hour(date)
    origin: origin
training:
  task: binary
evaluation:
  gates:
    - {metric: auc, min: 0.6}
    - {metric: auc, beatsChampionBy: 0}
`;

export function problemsOf(text: string, submittedAs = "flights"): string[] {
  const file = readPipelineFile(text, submittedAs);
  if (file.status === "valid") return [];
  return file.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}
