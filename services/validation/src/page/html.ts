const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
// What would turn the direction of the text around it, or end it for a terminal, is shown as what it is.
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu;
const SHOWN_MAX = 120;

/** Text from outside as text of a page, cut where it is long. */
export function escaped(value: unknown, most = SHOWN_MAX): string {
  const characters = [...String(value)];
  const text = characters.length > most ? `${characters.slice(0, most).join("")}…` : String(value);
  return text
    .replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

const DIGITS = 5;

function shownNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e9) return Math.round(value).toLocaleString("en-US");
  return size >= 1e9 || size < 1e-4
    ? value.toExponential(DIGITS - 1)
    : String(Number(value.toPrecision(DIGITS)));
}

export const shownPercent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** A point in time as a person reads it: as long as it has to be, a midnight as its day. */
export function shownTime(value: unknown): string {
  const form = /^([+-]?\d{4,6}-\d\d-\d\d)T(\d\d:\d\d):(\d\d)(?:\.(\d*?)0*)?Z$/u;
  const [, day, minutes, seconds, fraction = ""] = form.exec(String(value)) ?? [];
  if (day === undefined) return shown(value);
  const rest = `:${seconds}${fraction === "" ? "" : `.${fraction}`}`;
  const time = rest === ":00" ? minutes : `${minutes}${rest}`;
  return time === "00:00" ? day : `${day} ${time}`;
}

/** A number or a text as a person reads it. */
export const shown = (value: unknown): string =>
  typeof value === "number" ? shownNumber(value) : escaped(value);
