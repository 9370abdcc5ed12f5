import { fullFile } from "./full-file.ts";
import type { PipelineFileAnswer, PipelineFileCase } from "./pipeline-file-case.ts";

/** How the hand-written cases change the full file, and where its lines are. */

export const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");
export const at = (line: number, column: number, says: string, path = ""): PipelineFileAnswer => ({
  line,
  column,
  path,
  says,
});
export const labelled = (label: string) => (pipeline: string) =>
  fullFile(pipeline).replace("label: tip", `label: ${label}`);
export const before = (text: string) => (pipeline: string) => text + fullFile(pipeline);
export const behind = (text: string) => (pipeline: string) => fullFile(pipeline) + text;
export const instead = (text: string) => () => text;
export const exchanged = (one: string, other: string) => (pipeline: string) =>
  fullFile(pipeline).replace(one, () => other);
export const lineOf = (setting: string) =>
  fullFile("any")
    .split("\n")
    .findIndex((line) => line.includes(setting)) + 1;
/** The line behind the full file. */
export const next = fullFile("any").split("\n").length;
export const labelLine = lineOf("label: tip");
export const depthLine = lineOf("depth: 3");
export const seedLine = lineOf("seed: 7");
export const columnLine = lineOf("    at: t");
export const inLabel = (says: string, path = "data.label") => at(labelLine, 10, says, path);

export type Row = readonly [
  row: number,
  name: string,
  text: (pipeline: string) => string,
  wanted: PipelineFileAnswer,
];

export const casesOf = (rows: readonly Row[]): PipelineFileCase[] =>
  rows.map(([row, name, text, wanted]) => ({ row, name, text, wanted }));
