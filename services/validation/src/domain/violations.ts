import type { DataOf, DatasetRejectedV1 } from "@cascade/contracts";
import { type Finding, kindsOfRows } from "./judge.ts";
import { nameOf } from "./name-of.ts";

export type Violation = DataOf<typeof DatasetRejectedV1>["violations"][number];

// The event has a limit; all of it is in the report.
const violationsMax = 100;

export function violationsOf(findings: readonly Finding[]): Violation[] {
  return findings
    .filter(({ verdict }) => verdict === "violation")
    .slice(0, violationsMax)
    .map((finding) => {
      const { expectation, failedRows } = finding;
      const column = "column" in expectation ? { column: expectation.column.slice(0, 128) } : {};
      return {
        expectation: nameOf(expectation).slice(0, 500),
        ...column,
        message: sentenceOf(finding),
        ...(failedRows === 0 ? {} : { failedRows }),
      };
    });
}

export function warningsOf(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ verdict }) => verdict === "warning")
    .slice(0, violationsMax)
    .map((finding) =>
      finding.origin === "learned"
        ? `Unlike the first accepted batch: ${sentenceOf(finding)}`
        : sentenceOf(finding),
    );
}

/** What somebody can do about the violations, most telling first. */
export function adviceFor(
  findings: readonly Finding[],
  label: string,
  { pipeline, datasetVersion }: { readonly pipeline: string; readonly datasetVersion: string },
): string {
  const broken = findings.filter(({ verdict }) => verdict === "violation");
  const kinds = new Set(broken.map(({ expectation }) => expectation.kind));
  const advice: string[] = [];
  if (kinds.has("column-present")) {
    const missing = broken.flatMap(({ expectation }) =>
      expectation.kind === "column-present" ? [expectation.column] : [],
    );
    advice.push(
      missing.includes(label)
        ? `Add the label ${JSON.stringify(label)} to the data, or change data.label.`
        : "Add the missing columns to the data, or take them out of data.columns.",
    );
  }
  const values = broken.some(
    ({ expectation: { kind }, origin }) =>
      origin === "declared" && kindsOfRows.has(kind) && kind !== "references",
  );
  // Where rows are at fault, too few good ones are only what follows from it.
  if (kinds.has("row-count") && !values)
    advice.push("Send a batch with as many rows as validation.rowCount asks for.");
  if (values) {
    advice.push(
      "Correct the rows at their source, relax what validation demands of them, or set more rows aside with onViolation: quarantine and maxQuarantinedShare.",
    );
  }
  if (kinds.has("references")) {
    advice.push(
      "Send the pipelines that validation.references names the rows that are missing there first, or correct the values that refer to them.",
    );
  }
  if (kinds.has("fresh") || kinds.has("ordered")) {
    advice.push(
      "Send rows that are as new, and in the order, that validation.eventTime asks for, or relax it.",
    );
  }
  if (kinds.has("label-balance")) {
    advice.push("Send rows whose label is spread as validation.labelBalance asks for, or relax it.");
  }
  if (kinds.has("distribution")) {
    advice.push(
      "The rows are spread unlike those of the first accepted batch: if they are right, raise the thresholds in validation.distributions or make them warnings.",
    );
  }
  if (kinds.has("no-leakage")) {
    advice.push(
      "Take columns that are known only after the label out of data.columns, or name them in validation.leakage.ignore where they may explain it.",
    );
  }
  if (broken.some(({ origin }) => origin === "learned")) {
    advice.push(
      "The batch is unlike the first accepted one: if it is right, declare what is allowed in validation.expectations, or set validation.infer to false.",
    );
  }
  // The rows are kept, and those of a query cannot be had again from where they came.
  const again = `cascade publish data-arrived ${pipeline} --dataset ${shortVersion(datasetVersion)}`;
  return `${advice.join(" ")} Then apply the pipeline where you have changed it, and send the batch again; the same rows: ${again}`.trim();
}

/** As much of a version as tells it from all others. */
const shortVersion = (datasetVersion: string) => datasetVersion.slice(0, "sha256:".length + 12);

function sentenceOf({ message, example }: Finding): string {
  const value = example?.value == null ? "" : `, ${JSON.stringify(example.value)}`;
  const first = example === undefined ? "" : ` First: row ${example.row}${value}.`;
  return `${message.slice(0, 500)}${first}`;
}
