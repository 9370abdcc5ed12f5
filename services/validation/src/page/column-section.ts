import type { ColumnProfile } from "@cascade/tabular";
import { histogramSvg } from "./histogram-svg.ts";
import { escaped, shown, shownPercent, shownTime } from "./html.ts";

const TOP_VALUES = 10;

/** What a column holds, as a row of the page. */
export function columnSection(column: ColumnProfile, rowCount: number, broken: boolean): string {
  const { name, type, histogram } = column;
  const picture = histogram === null ? topValues(column, rowCount) : histogramSvg(histogram, shownOf(column));
  const beside = histogram === null ? patterns(column) : topValues(column, rowCount);
  return `<tr${broken ? ' class="broken"' : ""}>
<th scope="row"><bdi>${escaped(name)}</bdi><small>${type}</small></th>
<td>${facts(column, rowCount)}</td>
<td>${picture}</td>
<td>${quantiles(column)}${beside}</td>
</tr>`;
}

const shownOf = ({ type }: ColumnProfile) => (type === "timestamp" ? shownTime : shown);

function facts(column: ColumnProfile, rowCount: number): string {
  const { nulls, nonFinite, distinct, distinctExact, min, max, mean, standardDeviation, lengths } = column;
  const missing = rowCount === 0 ? "0" : `${shown(nulls)} (${shownPercent(nulls / rowCount)})`;
  return list([
    ["missing", missing],
    ["NaN or infinite", nonFinite === 0 ? undefined : shown(nonFinite)],
    ["distinct", `${distinctExact ? "" : "about "}${shown(distinct)}`],
    ["from", min === null ? undefined : shownOf(column)(min)],
    ["to", max === null ? undefined : shownOf(column)(max)],
    ["mean", mean === null ? undefined : shown(mean)],
    ["deviation", standardDeviation === null ? undefined : shown(standardDeviation)],
    [
      "length",
      lengths === null
        ? undefined
        : `${shown(lengths.min)} to ${shown(lengths.max)}, mean ${shown(lengths.mean)}`,
    ],
  ]);
}

function quantiles(column: ColumnProfile): string {
  const { quantiles: found } = column;
  if (found === null) return "";
  const error = found.rankError === 0 ? "" : `<small>within ${shownPercent(found.rankError)} of rows</small>`;
  return list(found.values.map(({ q, value }) => [shownPercent(q), shownOf(column)(value)])) + error;
}

function topValues(column: ColumnProfile, rowCount: number): string {
  const { topValues: top, distinct, distinctExact } = column;
  // Values that are all different are no top values.
  if (top.length === 0 || (top[0]?.count === 1 && distinct > TOP_VALUES)) return "";
  const rows = top
    .slice(0, TOP_VALUES)
    .map(({ value, count }) => [shownOf(column)(value), shareBar(count / rowCount)] as const);
  const more = distinct - Math.min(top.length, TOP_VALUES);
  const rest = more > 0 ? `<small>and ${distinctExact ? "" : "about "}${shown(more)} more</small>` : "";
  return list(rows) + rest;
}

function patterns({ patterns: found }: ColumnProfile): string {
  return list(found.map(({ pattern, share }) => [`<code>${escaped(pattern)}</code>`, shareBar(share)]));
}

const shareBar = (share: number) =>
  `<meter min="0" max="1" value="${share.toFixed(4)}"></meter> ${shownPercent(share)}`;

function list(rows: readonly (readonly [string, string | undefined])[]): string {
  const shownRows = rows.filter(([, value]) => value !== undefined);
  if (shownRows.length === 0) return "";
  return `<dl>${shownRows.map(([key, value]) => `<dt><bdi>${key}</bdi></dt><dd>${value}</dd>`).join("")}</dl>`;
}
