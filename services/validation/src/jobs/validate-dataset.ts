import { DatasetRejectedV1, DatasetValidatedV1 } from "@cascade/contracts";
import { type Given, type JobContext, job } from "@cascade/messaging";
import { saveAcceptedDataset } from "../adapters/accepted-datasets.ts";
import { findBaseline, insertBaseline } from "../adapters/baselines.ts";
import { findCorrection, saveCorrection } from "../adapters/corrections.ts";
import { saveReport } from "../adapters/reports.ts";
import { validate } from "../adapters/validate.ts";
import type { Deps } from "../deps.ts";
import { onlyOnce } from "../domain/correction.ts";
import { Submission, type Verdict } from "../domain/verdict.ts";
import { describeFailure, mayPass, validationErrors } from "../errors.ts";

/**
 * Judges one dataset version. The first accepted batch sets the baseline: a batch that was judged without one
 * while another set it is judged again, so that the verdict does not depend on which worker was faster.
 */
export const validateDataset = job({
  name: "validate-dataset",
  payload: Submission,
  emits: [DatasetValidatedV1, DatasetRejectedV1],
  settings: { timeoutMs: 3_600_000, attempts: 5, concurrency: 2 },

  run: async (submission, deps: Deps, context: JobContext) => {
    try {
      return await validate(submission, deps, context);
    } catch (error) {
      context.signal.throwIfAborted();
      if (mayPass(error)) throw error;
      return { verdict: impossible(error, deps.workDirectory), hadBaseline: true };
    }
  },

  load: async ({ pipeline, payload }, tx) => ({
    baseline: await findBaseline(tx, pipeline, payload.demandsDigest),
    corrected:
      payload.resubmits === undefined ? undefined : await findCorrection(tx, pipeline, payload.resubmits),
  }),

  finish: ({ pipeline, payload, result: { verdict, hadBaseline } }, { baseline, corrected, ...given }) => {
    if (baseline !== undefined && !hadBaseline) throw validationErrors.baselineRenewed(pipeline);
    return conclude(pipeline, payload, onlyOnce(payload, verdict, corrected), given);
  },

  fail: ({ pipeline, payload, error }, given) => conclude(pipeline, payload, impossible(error), given),

  record: ({ report, learned, accepted, correction }, tx, { pipeline }) => {
    if (correction !== undefined) saveCorrection(tx, pipeline, correction);
    saveReport(tx, pipeline, report);
    if (accepted !== undefined) saveAcceptedDataset(tx, pipeline, accepted);
    if (learned !== undefined) insertBaseline(tx, pipeline, learned);
  },
});

/** Rows that could not be checked are not accepted: the next step could not be sure of anything. */
function impossible(error: unknown, workDirectory?: string): Verdict {
  const { code, message, whatToDo } = describeFailure(error, workDirectory);
  return {
    outcome: "rejected",
    rowCount: 0,
    quarantinedRows: 0,
    violations: [{ expectation: "the rows can be checked", message: `${code}: ${message}`.slice(0, 4000) }],
    report: undefined,
    whatToDo,
  };
}

function conclude(pipeline: string, submission: Submission, verdict: Verdict, { now }: Given) {
  const { datasetVersion, demandsDigest, resubmits } = submission;
  const common = { datasetVersion, demandsDigest, rowCount: verdict.rowCount, decidedAt: now };
  if (verdict.outcome === "rejected") {
    const { violations, report, whatToDo, quarantinedRows } = verdict;
    return {
      events: [
        DatasetRejectedV1.create(pipeline, {
          datasetVersion,
          violations,
          whatToDo,
          ...(report === undefined ? {} : { report }),
        }),
      ],
      report: {
        ...common,
        outcome: "rejected" as const,
        report,
        quarantinedRows,
        violations: violations.length,
      },
      learned: undefined,
      accepted: undefined,
      correction: undefined,
    };
  }
  const { rows, rowCount, columns, quarantined, report, warnings, learned } = verdict;
  return {
    events: [
      DatasetValidatedV1.create(pipeline, {
        datasetVersion,
        rows,
        rowCount,
        columns,
        report,
        warnings,
        ...(quarantined === undefined ? {} : { quarantined }),
        ...(resubmits === undefined ? {} : { resubmits }),
      }),
    ],
    report: {
      ...common,
      outcome: "validated" as const,
      report,
      quarantinedRows: quarantined?.rowCount ?? 0,
      violations: 0,
    },
    correction: resubmits === undefined ? undefined : { resubmits, datasetVersion, acceptedAt: now },
    // A few corrected rows are no dataset that others could refer to.
    accepted: resubmits === undefined ? { datasetVersion, rows, acceptedAt: now } : undefined,
    learned:
      learned === undefined ? undefined : { ...learned, demandsDigest, datasetVersion, learnedAt: now },
  };
}
