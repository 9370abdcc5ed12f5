import { ArtifactError } from "@cascade/artifacts";
import { TabularError } from "@cascade/tabular";

const lost: ReadonlySet<string> = new Set([
  "ARTIFACT_MISSING",
  "ARTIFACT_DIGEST_MISMATCH",
  "ARTIFACT_JSON_INVALID",
  "ARTIFACT_TOO_LARGE",
]);

/** These can be gone the next time; everything else about a table is the table's own. */
const passing: ReadonlySet<string> = new Set([
  "CANCELLED",
  "CLOSED",
  "CRASHED",
  "DISK_FULL",
  "MEMORY",
  "TIMEOUT",
  "UNEXPECTED",
]);

/** Whether bytes are lost, damaged or not what they should be, so that trying again cannot help. */
export function isUnusableInput(error: unknown): error is ArtifactError | TabularError {
  if (error instanceof ArtifactError) return lost.has(error.code);
  return error instanceof TabularError && !passing.has(error.code);
}
