import { CliError, exitCodes } from "./errors.ts";

const digestOf = (version: string) => version.replace(/^sha256:/u, "");

/** Whether a dataset version is the one that somebody means by its beginning. */
export function beginsAs(datasetVersion: string, wanted: string): boolean {
  return digestOf(datasetVersion).startsWith(digestOf(wanted));
}

/** The one dataset version of a pipeline that begins as somebody has said. */
export function chosenVersion(pipeline: string, versions: readonly string[], wanted: string): string {
  const [found, other] = new Set(versions.filter((version) => beginsAs(version, wanted)));
  if (found === undefined) {
    throw new CliError(
      exitCodes.refused,
      `${pipeline} has no dataset version that begins with ${wanted}. cascade follow --pipeline ${pipeline} --no-wait --json shows them.`,
    );
  }
  if (other === undefined) return found;
  throw new CliError(
    exitCodes.usage,
    `${wanted} is the beginning of several versions, such as ${found} and ${other}.`,
  );
}
