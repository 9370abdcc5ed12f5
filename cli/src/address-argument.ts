import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError, exitCodes } from "./errors.ts";

/** The address of a file from the command line: a URI as it is, a path as that of a file here. */
export function checkedAddress(uri: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/iu.test(uri)) return pathToFileURL(resolve(uri)).href;
  // Everybody who may read events would read it, for as long as the stream keeps them.
  if (/^[a-z][a-z0-9+.-]*:[/\\]*[^/\\?#]*@/iu.test(uri)) {
    throw new CliError(
      exitCodes.usage,
      "An address with a user or a password in it is not published. Use one without, for example one that is signed for a limited time.",
    );
  }
  return uri;
}
