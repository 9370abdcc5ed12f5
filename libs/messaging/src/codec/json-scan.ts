import { quoted } from "./errors.ts";
import { StrictJsonError } from "./strict-json-error.ts";

interface Level {
  /** The keys seen so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  /** The key in the enclosing object that this level is the value of. */
  readonly name: string | undefined;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const bracketOpen = 0x5b;
const backslash = 0x5c;
const bracketClose = 0x5d;
const braceOpen = 0x7b;
const braceClose = 0x7d;

const numberToken = /-?[0-9][0-9.eE+-]*/y;

/**
 * Refuses JSON text that is legal but harmful: too deep, keys that repeat or reach prototypes, numbers that
 * a double cannot hold. It walks the text once with a stack of its own, so that no nesting can exhaust the
 * call stack, and leaves the grammar to `JSON.parse`: where the text is no JSON its findings do not matter,
 * because the text is refused either way.
 */
export function scanJson(text: string, depthMax: number): void {
  const levels: Level[] = [];
  let keys: Set<string> | undefined;
  let key: string | undefined;
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(text, at);
      if (expectsKey && keys !== undefined) {
        key = textOfKey(text, at, end);
        checkKey(key, keys, levels.at(-1)?.name);
        keys.add(key);
      }
      at = end;
    } else if (code === braceOpen || code === bracketOpen) {
      if (levels.length === depthMax) throw tooDeep(depthMax);
      const isObject = code === braceOpen;
      const name = keys === undefined ? undefined : key;
      keys = isObject ? new Set() : undefined;
      levels.push({ keys, name });
      expectsKey = isObject;
    } else if (code === braceClose || code === bracketClose) {
      levels.pop();
      keys = levels.at(-1)?.keys;
      expectsKey = false;
    } else if (code === comma) {
      expectsKey = keys !== undefined;
    } else if (code === colon) {
      expectsKey = false;
    } else if (code === minus || (code >= zero && code <= nine)) {
      numberToken.lastIndex = at;
      const token = numberToken.exec(text)?.[0] ?? "";
      checkNumber(token);
      at += Math.max(token.length, 1) - 1;
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

/** Keys are compared as they are meant: `"a"` and `"\u0061"` are the same key. */
function textOfKey(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    // No JSON string: the parser, which comes after the scan, says so and where.
    return raw;
  }
}

function checkKey(key: string, keys: Set<string>, name: string | undefined): void {
  if (keys.has(key)) {
    throw new StrictJsonError(
      "KEY_REPEATED",
      `The key ${quoted(key)} appears twice in one object. Send each key once.`,
    );
  }
  // A value called "constructor" is harmless (a column of racing data, say); its prototype is the way in.
  if (key === "__proto__" || (key === "prototype" && name === "constructor")) {
    throw new StrictJsonError(
      "KEY_FORBIDDEN",
      `The key ${quoted(name === "constructor" ? "constructor.prototype" : key)} is not allowed. Rename it.`,
    );
  }
}

function checkNumber(token: string): void {
  const value = Number(token);
  if (Number.isNaN(value)) return;
  if (!Number.isFinite(value) || isRounded(token, value)) {
    throw new StrictJsonError(
      "NUMBER_UNSAFE",
      `The number ${quoted(token)} cannot be held without loss. Send it as a string, or within the range of a double.`,
    );
  }
}

/** True for whole numbers with more digits than a double keeps, except where the double is written in full. */
function isRounded(token: string, value: number): boolean {
  if (token.length < 16 || !/^-?[0-9]+$/.test(token)) return false;
  return String(value) !== token && BigInt(token) !== BigInt(value);
}

function tooDeep(depthMax: number): StrictJsonError {
  return new StrictJsonError(
    "TOO_DEEP",
    `The JSON is nested deeper than ${depthMax} levels. Flatten it, or put it into an artifact.`,
  );
}
