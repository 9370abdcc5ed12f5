import type { Expectation } from "@cascade/tabular";
import type { Demands } from "./demands.ts";
import type { Finding } from "./judge.ts";
import type { Submission, Verdict } from "./verdict.ts";

/** The column in which quarantined rows say why they are there. */
export const reasonsColumn = "_reasons";

/**
 * What is demanded of quarantined rows that come back corrected: of each row the same as ever, and nothing of the
 * batch as a whole. They are few, older than others, and were wrong for a reason that they have in common.
 */
export function demandsOfCorrection(demands: Demands): Demands {
  const { rowCount: _, labelBalance: __, distributions: ___, eventTime, ...validation } = demands.validation;
  const { maxFutureSeconds, severity } = eventTime ?? {};
  return {
    ...demands,
    validation: {
      ...validation,
      ...(maxFutureSeconds === undefined ? {} : { eventTime: { maxFutureSeconds, severity } }),
      leakage: null,
      // Those that are still wrong go back to where they were, however many they are.
      maxQuarantinedShare: 1,
    },
  };
}

/** Of what was learned, what a single row can be unlike. */
export function learnedForCorrection(learned: readonly Expectation[]): Expectation[] {
  return learned.filter(({ kind }) => kind === "range" || kind === "allowed-values");
}

/** Rows that were corrected in the same way are alike in that column, and models learn from all rows. */
export function findingsForCorrection(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ expectation }) => expectation.kind !== "varied");
}

/** Rows that have come back once are there already: whoever sends them again would double them. */
export function onlyOnce(
  { datasetVersion, resubmits }: Pick<Submission, "datasetVersion" | "resubmits">,
  verdict: Verdict,
  corrected: string | undefined,
): Verdict {
  // The same rows once more are judged anew where the demands have changed.
  const isFirst = corrected === undefined || corrected === datasetVersion;
  if (isFirst || resubmits === undefined || verdict.outcome === "rejected") return verdict;
  return {
    outcome: "rejected",
    rowCount: verdict.rowCount + (verdict.quarantined?.rowCount ?? 0),
    quarantinedRows: 0,
    violations: [
      {
        expectation: "quarantined rows come back once",
        message: `The quarantined rows of ${resubmits} have come back already, as ${corrected}.`,
      },
    ],
    report: verdict.report,
    whatToDo:
      "Nothing is to be done where these are the same rows. Rows that were left out then are a batch of their own: announce them without resubmits.",
  };
}
