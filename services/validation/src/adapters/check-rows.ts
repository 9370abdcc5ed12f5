import type { CheckReport, Expectation, Profile, Tabular } from "@cascade/tabular";
import { declaredExpectations } from "../domain/declared-expectations.ts";
import type { Demands } from "../domain/demands.ts";
import { type Finding, isOfRows, judgeLabel, weigh, withoutEchoes } from "../domain/judge.ts";

export interface Checked {
  readonly profile: Profile;
  readonly findings: Finding[];
}

/** Profiles rows and checks what was declared and what was learned, in two scans. */
export async function checkRows(
  tabular: Tabular,
  path: string,
  demands: Demands,
  learned: readonly Expectation[],
  signal: AbortSignal,
): Promise<Checked> {
  const declared = declaredExpectations(demands);
  const profile = await tabular.profile({ path }, { signal });
  const { results, rowCount } = await tabular.check(
    { path, expectations: [...declared, ...learned] },
    { signal },
  );
  const findings = [
    ...weigh(results.slice(0, declared.length), "declared", rowCount),
    ...weigh(results.slice(declared.length), "learned", rowCount),
  ];
  return { profile, findings: withoutEchoes([...findings, ...judgeLabel(profile, demands, findings)]) };
}

/** Sets aside the rows that break declared expectations, each with its reasons. */
export function setAside(
  tabular: Tabular,
  path: string,
  findings: readonly Finding[],
  outputs: { readonly accepted: string; readonly quarantined: string },
  signal: AbortSignal,
): Promise<CheckReport> {
  const broken = findings.filter((finding) => finding.verdict === "violation" && isOfRows(finding));
  const expectations = broken.map(({ expectation }) => expectation);
  return tabular.check({ path, expectations, ...outputs }, { signal });
}
