import { ArtifactError } from "@cascade/artifacts";
import { describeError } from "@cascade/messaging";
import { TabularError } from "@cascade/tabular";

const validationErrorCodes = ["PIPELINE_UNKNOWN", "BASELINE_RENEWED"] as const;
type ValidationErrorCode = (typeof validationErrorCodes)[number];

/** What ends an attempt of validation. */
class ValidationError extends Error {
  readonly code: ValidationErrorCode;

  constructor(code: ValidationErrorCode, message: string) {
    super(message);
    this.name = "ValidationError";
    this.code = code;
  }
}

export const validationErrors = {
  pipelineUnknown: (pipeline: string) =>
    new ValidationError(
      "PIPELINE_UNKNOWN",
      `There is no pipeline ${pipeline}, so nothing is known about its data. Run cascade apply with the pipeline's file, then redrive this event.`,
    ),
  baselineRenewed: (pipeline: string) =>
    new ValidationError(
      "BASELINE_RENEWED",
      `Another batch of ${pipeline} was accepted first while this one was checked; it is checked again against what that batch has taught.`,
    ),
} as const;

const passing = new Set(["CRASHED", "CANCELLED", "CLOSED", "DISK_FULL", "UNEXPECTED"]);
const lost = new Set(["ARTIFACT_MISSING", "ARTIFACT_DIGEST_MISMATCH"]);

/** True where another attempt may succeed. */
export function mayPass(error: unknown): boolean {
  if (error instanceof TabularError) return passing.has(error.code);
  return !(error instanceof ArtifactError && lost.has(error.code));
}

/** What is said about a batch that could not be checked; where it lay on this machine is nobody's business. */
export function describeFailure(
  error: unknown,
  workDirectory?: string,
): { code: string; message: string; whatToDo: string } {
  const { code = "VALIDATION_IMPOSSIBLE", message: told } = describeError(error);
  const message = workDirectory === undefined ? told : told.replaceAll(`${workDirectory}/`, "");
  const whatToDo =
    error instanceof TabularError
      ? error.whatToDo
      : "Look at the log of the validation service; when the cause is gone, send the batch again under another name or apply the pipeline again.";
  return { code, message, whatToDo };
}
