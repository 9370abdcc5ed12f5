/** Numbers, durations and shares as a person reads them. */

export const formatCount = (value: number): string => value.toLocaleString("en-US");

export const formatScore = (value: number): string => value.toFixed(4);

export const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** How old something is, in the two largest units that a person needs. */
export function formatAge(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor((seconds % 86_400) / 3600),
    Math.floor((seconds % 3600) / 60),
  ];
  if (days > 0) return hours === 0 ? `${formatCount(days)} d` : `${formatCount(days)} d ${hours} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  if (minutes === 0) return `${Math.round(seconds)} s`;
  return Math.floor(seconds % 60) === 0 ? `${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

// Said first where there are more than a line has room for: what most people ask for.
const familiar = ["auc", "logLoss", "brier", "accuracy", "rmse", "mae", "r2"];
const metricsMax = 4;

/** The metrics that most people ask for, and "…" where the event has more. */
export function formatMetrics(metrics: Readonly<Record<string, number | undefined>>): string {
  const known = Object.keys(metrics).filter((name) => metrics[name] !== undefined);
  const inOrder = [
    ...familiar.filter((name) => known.includes(name)),
    ...known.filter((name) => !familiar.includes(name)),
  ];
  const shown = inOrder.slice(0, metricsMax).map((name) => `${name} ${formatScore(metrics[name] ?? 0)}`);
  return [...shown, ...(inOrder.length > metricsMax ? ["…"] : [])].join(", ");
}

export function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return printable(line.length <= length ? line : `${line.slice(0, length - 1)}…`);
}

/** Text from outside as a terminal may show it: control characters are written out, but for tabs and line ends. */
export function printable(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
