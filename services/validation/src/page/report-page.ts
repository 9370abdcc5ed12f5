import type { Profile } from "@cascade/tabular";
import type { Finding } from "../domain/judge.ts";
import { columnSection } from "./column-section.ts";
import { escaped, shown, shownTime } from "./html.ts";

/** A page of more columns than this is too long to be read, and to be shown. */
const COLUMNS_MAX = 500;

const STYLE = `:root{color-scheme:light dark;--ink:#1c2126;--faint:#5d6874;--line:#d9dfe5;--bar:#3d7ab8;--bad:#b3261e;--warn:#8a5a00;--back:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e3e8ed;--faint:#9aa6b2;--line:#343c45;--bar:#6ea8e0;--bad:#ff8a80;--warn:#f0b95b;--back:#14181c}}
body{font:14px/1.45 system-ui,sans-serif;margin:2rem;color:var(--ink);background:var(--back)}h1{font-size:1.3rem;margin:0}
p,small{color:var(--faint)}p{overflow-wrap:anywhere}small{display:block;font-weight:normal}table{border-collapse:collapse;width:100%}
.wide{overflow-x:auto}.wide table{min-width:68rem}td:first-of-type{min-width:15rem}th,td{text-align:left;vertical-align:top;padding:.7rem 1rem .7rem 0;border-top:1px solid var(--line)}
th[scope=row]{min-width:8rem;max-width:16rem;overflow-wrap:anywhere}tr.broken th[scope=row]{color:var(--bad)}svg{width:240px;height:56px;fill:var(--bar);display:block}
.ends{display:flex;gap:.5rem;justify-content:space-between;width:240px;font-size:.8rem;color:var(--faint)}
dl{display:grid;grid-template-columns:max-content auto;gap:0 .8rem;margin:0}dt{color:var(--faint);max-width:18rem;overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
dd:has(meter){white-space:nowrap}meter{width:5rem;height:.7rem}ul{padding-left:1.2rem}.violation{color:var(--bad)}.warning{color:var(--warn)}`;

export interface ReportPage {
  readonly pipeline: string;
  readonly datasetVersion: string;
  /** What the batch is called, or where it came from; not known of one that an older build has planned. */
  readonly source: string | undefined;
  readonly judgedAt: Date;
  readonly profile: Profile;
  readonly findings: readonly Finding[];
  readonly acceptedRows: number;
  readonly quarantinedRows: number;
}

/** The report of a dataset version as one page that needs nothing else: no script, no picture, no font. */
export function reportPage(report: ReportPage): string {
  const { pipeline, datasetVersion, source, judgedAt, profile, findings, ...rows } = report;
  const broken = new Set(findings.filter(({ verdict }) => verdict === "violation").flatMap(columnsOf));
  // What is wrong is what a reader came for.
  const columns = profile.columns.toSorted((a, b) => Number(broken.has(b.name)) - Number(broken.has(a.name)));
  const left = columns.length - COLUMNS_MAX;
  const rest = left > 0 ? `<p>${shown(left)} more columns are only in the report's JSON.</p>` : "";
  const sections = columns
    .slice(0, COLUMNS_MAX)
    .map((column) => columnSection(column, profile.rowCount, broken.has(column.name)));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Data report: ${escaped(pipeline)}</title><style>${STYLE}</style></head><body>
<h1>Data report: <bdi>${escaped(pipeline)}</bdi></h1>
<p>Version ${escaped(datasetVersion)}: ${shown(profile.rowCount)} rows of ${shown(profile.columns.length)} columns, ${shown(rows.acceptedRows)} accepted, ${shown(rows.quarantinedRows)} in quarantine</p>
<p>Judged ${shownTime(judgedAt.toISOString().replace(/\.\d+Z$/u, "Z"))} UTC${source === undefined ? "" : `; the rows came as <bdi>${escaped(source, 500)}</bdi>`}</p>
${findingList(findings)}
<div class="wide"><table><thead><tr><th scope="col">column</th><th scope="col">values</th><th scope="col">how they lie</th><th scope="col">quantiles, most frequent, forms</th></tr></thead>
<tbody>${sections.join("\n")}</tbody></table></div>${rest}
</body></html>
`;
}

function columnsOf({ expectation }: Finding): readonly string[] {
  if ("columns" in expectation) return expectation.columns;
  return "column" in expectation ? [expectation.column] : [];
}

function findingList(findings: readonly Finding[]): string {
  const unmet = (["violation", "warning"] as const).flatMap((verdict) =>
    findings.filter((finding) => finding.verdict === verdict),
  );
  if (unmet.length === 0) return `<p>All ${shown(findings.length)} expectations are met.</p>`;
  const items = unmet.map(({ verdict, message, origin, example }) => {
    const first =
      example === undefined
        ? ""
        : ` First in row ${shown(example.row)}: ${escaped(example.value ?? "nothing")}.`;
    return `<li><strong class="${verdict}">${verdict}</strong> (${origin}): ${escaped(message, 500)}${first}</li>`;
  });
  return `<ul>${items.join("")}</ul><p>${shown(findings.length - unmet.length)} other expectations are met.</p>`;
}
