/** What keeps an event from being handled now. All are tried again, and set aside as dead letters at last. */
export const evaluationErrors = {
  pipelineUnknown: (pipeline: string) =>
    new EvaluationError(
      "PIPELINE_UNKNOWN",
      `The pipeline ${pipeline} is not known to evaluation, so there are no gates to judge by. Run cascade apply, then redrive this dead letter.`,
    ),
  promotionEarly: (version: number, previousVersion: number) =>
    new EvaluationError(
      "PROMOTION_EARLY",
      `The promotion of version ${version} follows that of version ${previousVersion}, which has not arrived yet. Redrive this dead letter when it has.`,
    ),
} as const;

type EvaluationErrorCode = "PIPELINE_UNKNOWN" | "PROMOTION_EARLY";

class EvaluationError extends Error {
  readonly code: EvaluationErrorCode;

  constructor(code: EvaluationErrorCode, message: string) {
    super(message);
    this.name = "EvaluationError";
    this.code = code;
  }
}
