import type { Violation } from "../checks/verdict.ts";
import type { RunResult } from "../run/run-chaos.ts";

export const violationsOf = (run: RunResult): Violation[] =>
  run.verdicts.flatMap(({ violations }) => [...violations]);

/** What a run has shown, in a line. */
export function runLine(run: RunResult, number: number): string {
  const { start, storm, quiet, check } = run.seconds;
  const found = violationsOf(run).length;
  const verdict = found === 0 ? "nothing lost, nothing doubled" : `${found} VIOLATIONS`;
  return (
    `run ${number}, seed ${run.seed}: ${verdict}; ${run.faults.length} faults, ${run.operations} operations, ` +
    `${run.events} events; start ${start} s, storm ${storm} s, quiet after ${quiet} s, check ${check} s`
  );
}

/** The whole report. Its first line says how to see a failure again, with the options that decide about the plan. */
export function report(runs: readonly RunResult[], sameOptions: string): string {
  const failed = runs.filter((run) => violationsOf(run).length > 0);
  const head =
    failed.length === 0
      ? `${runs.length} runs without a violation`
      : `VIOLATED; see it again: npm run chaos -- --runs 1 --seed ${failed[0]?.seed}${sameOptions}`;
  return [
    head,
    "",
    ...faultTable(runs),
    "",
    ...invariantTable(runs),
    "",
    ...exits(runs),
    ...failed.flatMap(violationLines),
  ].join("\n");
}

function faultTable(runs: readonly RunResult[]): string[] {
  const faults = runs.flatMap((run) => run.faults);
  const recoveries = runs.flatMap((run) => run.recoveries);
  const rows = [...Map.groupBy(faults, ({ kind }) => kind)].toSorted().map(([kind, same]) => {
    const skipped = same.filter((fault) => fault.skipped !== undefined);
    const reason = skipped[0]?.skipped;
    const times = recoveries.filter((recovery) => recovery.kind === kind).map(({ ms }) => ms);
    return [kind, String(same.length - skipped.length), ...percentiles(times), reason ?? ""];
  });
  const all = percentiles(recoveries.map(({ ms }) => ms));
  const inflicted = faults.filter(({ skipped }) => skipped === undefined).length;
  return table([
    ["fault", "times", "recovery p50", "p95", "max", "skipped"],
    ...rows,
    ["all", String(inflicted), ...all, ""],
  ]);
}

function percentiles(times: readonly number[]): [string, string, string] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  const show = (ms: number | undefined) => (ms === undefined ? "-" : `${(ms / 1000).toFixed(2)} s`);
  return [show(at(0.5)), show(at(0.95)), show(sorted.at(-1))];
}

function invariantTable(runs: readonly RunResult[]): string[] {
  const verdicts = Map.groupBy(
    runs.flatMap((run) => run.verdicts),
    ({ invariant, title }) => `${invariant}\n${title}`,
  );
  const rows = [...verdicts].map(([key, same]) => {
    const [invariant = "", title = ""] = key.split("\n");
    const counts: Record<string, number> = {};
    for (const { counted } of same) {
      for (const [name, count] of Object.entries(counted)) counts[name] = (counts[name] ?? 0) + count;
    }
    const shown = Object.entries(counts).map(([name, count]) => `${spaced(name)} ${count}`);
    const found = same.reduce((sum, { violations }) => sum + violations.length, 0);
    return [invariant, title, found === 0 ? "holds" : `${found} VIOLATIONS`, shown.join(", ")];
  });
  return table([["", "invariant", "", "counted"], ...rows]);
}

const spaced = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function exits(runs: readonly RunResult[]): string[] {
  const ended = runs.flatMap((run) => run.exits.map((exit) => `  seed ${run.seed}: ${exit.slice(0, 300)}`));
  return ended.length === 0 ? [] : ["ended by themselves and were started again:", ...ended, ""];
}

const shownPerCode = 5;

function violationLines(run: RunResult): string[] {
  const lines = [`seed ${run.seed}; logs and data are kept in ${run.directory}`];
  for (const fault of run.faults)
    lines.push(`  fault ${fault.number} ${fault.kind}: ${fault.skipped ?? fault.what}`);
  for (const [code, same] of Map.groupBy(violationsOf(run), (violation) => violation.code)) {
    for (const { invariant, message, evidence } of same.slice(0, shownPerCode)) {
      lines.push(`  ${invariant} ${code}: ${message}`, `    ${JSON.stringify(evidence)?.slice(0, 1500)}`);
    }
    if (same.length > shownPerCode)
      lines.push(`  ${code}: ${same.length - shownPerCode} more in result.json`);
  }
  return lines;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
