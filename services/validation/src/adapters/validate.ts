import { join } from "node:path";
import { type ArtifactRef, mediaTypes } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Profile } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import {
  demandsOfCorrection,
  findingsForCorrection,
  learnedForCorrection,
  reasonsColumn,
} from "../domain/correction.ts";
import type { Demands } from "../domain/demands.ts";
import { type Finding, isOfRows } from "../domain/judge.ts";
import { learnedExpectations, learnedRowsMin } from "../domain/learned-expectations.ts";
import { tooMuchSetAside } from "../domain/quarantine.ts";
import type { Submission, Verdict } from "../domain/verdict.ts";
import { adviceFor, violationsOf, warningsOf } from "../domain/violations.ts";
import { reportPage } from "../page/report-page.ts";
import { findBaseline, type Learned } from "./baselines.ts";
import { type Checked, checkRows, setAside, type Tables } from "./check-rows.ts";
import { fetchReferencedTables } from "./referenced-tables.ts";
import { judgeSample, storeReference } from "./samples.ts";

/** Checks a dataset version and says what has become of it. */
export async function validate(
  submission: Submission,
  deps: Deps,
  { signal, progress, pipeline, now }: JobContext,
): Promise<{ verdict: Verdict; hadBaseline: boolean }> {
  const { tabular, store, database } = deps;
  const baseline = await findBaseline(database, pipeline, submission.demandsDigest);
  const isCorrection = submission.resubmits !== undefined;
  const demands = isCorrection ? demandsOfCorrection(submission.demands) : submission.demands;
  const known = baseline?.expectations ?? [];
  const learned = isCorrection ? learnedForCorrection(known) : known;
  await using folder = await openWorkingFolder(deps.workDirectory);
  progress({ message: "fetching the rows" });
  const path = await store.fetchToFile(submission.rows, folder.path, { signal });
  progress({ message: "checking the rows" });
  // Another attempt gives the same answer: it is about the moment in which the rows came.
  const arrivedAt = submission.arrivedAt === undefined ? now : new Date(submission.arrivedAt);
  const tables = await fetchReferencedTables(demands, folder.path, deps, signal);
  const place = { path, folder: folder.path, deps, pipeline, tables, judgedAt: arrivedAt, signal };
  const circumstances = { now: arrivedAt, tables, signal };
  const checked = await checkRows(tabular, path, demands, learned, circumstances);
  const sampled = await judgeSample(checked.profile, demands, baseline?.reference, place);
  const findings = [...checked.findings, ...sampled];
  const all = { ...checked, findings: isCorrection ? findingsForCorrection(findings) : findings };
  const verdict = await decide({ ...submission, demands }, all, baseline, place);
  return { verdict, hadBaseline: baseline !== undefined };
}

interface Place {
  readonly path: string;
  readonly folder: string;
  readonly deps: Deps;
  readonly pipeline: string;
  readonly tables: Tables;
  readonly judgedAt: Date;
  readonly signal: AbortSignal;
}

async function decide(
  submission: Submission,
  { profile, findings }: Checked,
  baseline: Learned | undefined,
  place: Place,
): Promise<Verdict> {
  const { path, folder, deps, tables, signal, pipeline, judgedAt } = place;
  const { demands, columns, resubmits } = submission;
  const { tabular, store } = deps;
  // Rows that come back from quarantine carry the reasons that they had.
  const carriesReasons = [columns, demands.columns].map((all) =>
    all.some(({ name }) => name === reasonsColumn),
  );
  const dropsReasons = carriesReasons[0] === true && carriesReasons[1] === false;
  const rejected = (all: readonly Finding[], report: ArtifactRef, quarantinedRows: number): Verdict => ({
    outcome: "rejected",
    rowCount: profile.rowCount,
    quarantinedRows,
    violations: violationsOf(all),
    report,
    whatToDo: adviceFor(all, demands.label, { pipeline, datasetVersion: submission.datasetVersion }),
  });
  const reportOn = async (
    all: readonly Finding[],
    acceptedRows: number,
    quarantinedRows: number,
    acceptedProfile?: Profile,
  ) => {
    const { datasetVersion, source } = submission;
    const page = reportPage({
      pipeline,
      datasetVersion,
      source,
      judgedAt,
      profile,
      findings: all,
      acceptedRows,
      quarantinedRows,
    });
    return store.putJson({
      datasetVersion,
      page: await store.putBytes(Buffer.from(page), mediaTypes.html),
      rowCount: profile.rowCount,
      acceptedRows,
      quarantinedRows,
      profile,
      // Only where it is another one, for the rows that were set aside are in the profile of the batch.
      ...(acceptedProfile === undefined ? {} : { acceptedProfile }),
      results: all,
    });
  };
  const accept = async (
    rows: ArtifactRef,
    acceptedRows: number,
    quarantined: { rows: ArtifactRef; rowCount: number } | undefined,
    learnFrom: string,
  ): Promise<Verdict> => {
    const learns =
      baseline === undefined && resubmits === undefined && acceptedRows >= learnedRowsMin(demands);
    const acceptedProfile =
      quarantined === undefined ? undefined : await tabular.profile({ path: learnFrom }, { signal });
    const learned = learns ? await learn(learnFrom, acceptedProfile ?? profile, demands, place) : undefined;
    return {
      outcome: "validated",
      rows,
      rowCount: acceptedRows,
      columns: dropsReasons ? columns.filter(({ name }) => name !== reasonsColumn) : columns,
      quarantined,
      report: await reportOn(findings, acceptedRows, quarantined?.rowCount ?? 0, acceptedProfile),
      warnings: warningsOf(findings),
      learned,
    };
  };

  const broken = findings.filter(({ verdict }) => verdict === "violation");
  if (broken.length === 0 && !dropsReasons) return accept(submission.rows, profile.rowCount, undefined, path);
  // What was learned is no reason to set rows aside: where so many depart from it, none of them can be trusted.
  const separable =
    broken.length === 0 ||
    (demands.validation.onViolation === "quarantine" &&
      broken.every((finding) => isOfRows(finding) && finding.origin === "declared"));
  if (!separable) return rejected(findings, await reportOn(findings, 0, 0), 0);

  const outputs = {
    accepted: join(folder, "accepted.parquet"),
    quarantined: join(folder, "quarantined.parquet"),
  };
  const parts = await setAside(tabular, path, findings, outputs, { tables, signal });
  const tooMuch = tooMuchSetAside(parts, demands);
  if (tooMuch.length > 0) {
    const all = [...findings, ...tooMuch];
    return rejected(all, await reportOn(all, 0, parts.quarantinedRows), parts.quarantinedRows);
  }
  const quarantined =
    parts.quarantinedRows === 0
      ? undefined
      : {
          rows: await store.putFile(outputs.quarantined, mediaTypes.parquet, { signal }),
          rowCount: parts.quarantinedRows,
        };
  const rows = await store.putFile(outputs.accepted, mediaTypes.parquet, { signal });
  return accept(rows, parts.acceptedRows, quarantined, outputs.accepted);
}

/** What the first accepted batch teaches; nothing where the pipeline wants nothing of it. */
async function learn(
  from: string,
  profile: Profile,
  demands: Demands,
  place: Place,
): Promise<Learned | undefined> {
  const { infer } = demands.validation;
  const reference = await storeReference(from, demands, place);
  if (!infer && reference === undefined) return undefined;
  return { expectations: infer ? learnedExpectations(profile, demands) : [], reference };
}
