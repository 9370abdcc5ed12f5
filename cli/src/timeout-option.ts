import { Option } from "commander";
import { CliError, exitCodes } from "./errors.ts";

const maxSeconds = 86_400;

/** `--timeout <seconds>`, read as milliseconds; refused where it is no time that can be waited for. */
export function timeoutOption(description: string, seconds: number): Option {
  return new Option("--timeout <seconds>", description)
    .default(seconds * 1000, String(seconds))
    .argParser(readTimeoutMs);
}

export function readTimeoutMs(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= maxSeconds) return seconds * 1000;
  throw new CliError(
    exitCodes.usage,
    `--timeout takes seconds, more than 0 and at most ${maxSeconds}, not "${text}".`,
  );
}
