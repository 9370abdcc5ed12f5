import { isPipelineName } from "@cascade/contracts";
import { CliError, exitCodes } from "./errors.ts";

/** A pipeline's name from the command line, refused before it can become part of a subject. */
export function checkedPipeline(name: string): string {
  if (isPipelineName(name)) return name;
  throw new CliError(
    exitCodes.usage,
    `"${name}" is no pipeline name: use lower-case letters, digits and dashes, at most 63 characters.`,
  );
}
