/** Numbers, durations and shares as a person reads them. */

export const formatCount = (value: number): string => value.toLocaleString("en-US");

export const formatScore = (value: number): string => value.toFixed(4);

export const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function formatMetrics(metrics: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(metrics)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${formatScore(value)}`]))
    .join(", ");
}

export function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
