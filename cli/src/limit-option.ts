import { Option } from "commander";
import { CliError, exitCodes } from "./errors.ts";

const limitMax = 10_000;

/** `--limit <count>`: how much of a list is shown. */
export function limitOption(count: number): Option {
  return new Option("--limit <count>", "how many at most").default(count, String(count)).argParser(readLimit);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= limitMax) return limit;
  throw new CliError(exitCodes.usage, `--limit takes a whole number from 1 to ${limitMax}, not "${text}".`);
}
