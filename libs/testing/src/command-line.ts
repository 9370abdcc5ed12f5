/** What a person wrote that is not understood; the message says what is. */
class UsageError extends Error {}

/** A whole number as a command line gives it. Throws where it is none, or below `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option} must be a whole number from ${least}, not "${text}"`);
}

/** One of some words as a command line gives it. Throws where it is none of them. */
export function oneOf<T extends string>(option: string, text: string, words: readonly T[]): T {
  const word = words.find((one) => one === text);
  if (word === undefined) throw new UsageError(`${option} must be of ${words.join(", ")}, not "${text}"`);
  return word;
}

/**
 * What `read` makes of the command line. Where it is not understood, says why and how the program is used, sets exit
 * code 2 and returns undefined.
 */
export function readCommandLine<T>(usage: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseError(error)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}
