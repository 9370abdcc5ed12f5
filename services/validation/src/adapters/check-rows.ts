import type { CheckReport, Expectation, Profile, Tabular } from "@cascade/tabular";
import { judgeBatch } from "../domain/batch-expectations.ts";
import { declaredExpectations } from "../domain/declared-expectations.ts";
import type { Demands } from "../domain/demands.ts";
import {
  type Finding,
  isOfRows,
  judgeLabel,
  weighDeclared,
  weighLearned,
  withoutEchoes,
} from "../domain/judge.ts";

export interface Checked {
  readonly profile: Profile;
  readonly findings: Finding[];
}

export type Tables = Readonly<Record<string, string>>;

interface Circumstances {
  readonly now: Date;
  /** What other pipelines have accepted, by pipeline. */
  readonly tables: Tables;
  readonly signal: AbortSignal;
}

/** Profiles rows and checks what was declared and what was learned: in one scan where all is met. */
export async function checkRows(
  tabular: Tabular,
  path: string,
  demands: Demands,
  learned: readonly Expectation[],
  { now, tables, signal }: Circumstances,
): Promise<Checked> {
  const declared = declaredExpectations(demands, now);
  const profile = await tabular.profile({ path }, { signal });
  const { results, rowCount } = await tabular.check(
    { path, expectations: [...declared.map(({ expectation }) => expectation), ...learned], tables, profile },
    { signal },
  );
  const findings = [
    ...weighDeclared(
      results.slice(0, declared.length),
      declared.map(({ severity }) => severity),
    ),
    ...weighLearned(results.slice(declared.length), rowCount, demands),
    ...judgeBatch(profile, demands, now),
  ];
  return { profile, findings: withoutEchoes([...findings, ...judgeLabel(profile, demands, findings)]) };
}

/** Sets aside the rows that break declared expectations, each with its reasons. */
export function setAside(
  tabular: Tabular,
  path: string,
  findings: readonly Finding[],
  outputs: { readonly accepted: string; readonly quarantined: string },
  { tables, signal }: Omit<Circumstances, "now">,
): Promise<CheckReport> {
  const broken = findings.filter(({ verdict }) => verdict === "violation").filter(isOfRows);
  const expectations = broken.map(({ expectation }) => expectation);
  return tabular.check({ path, expectations, tables, ...outputs }, { signal });
}
