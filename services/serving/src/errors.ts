import { HttpProblem } from "@cascade/service-kit";

export type ServingErrorCode =
  | "MODEL_CONTRACT_BROKEN"
  | "FEATURES_NOT_COMPUTABLE"
  | "ANSWER_NOT_FINITE"
  | "ANSWER_INCOMPLETE";

/** A model that cannot be served, or an answer of one that cannot be given on. */
export class ServingError extends Error {
  readonly code: ServingErrorCode;

  constructor(code: ServingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ServingError";
    this.code = code;
  }
}

export const servingErrors = {
  contractBroken: (mismatch: string) =>
    new ServingError(
      "MODEL_CONTRACT_BROKEN",
      `The model does not fit its description: ${mismatch}. Promote a version whose evaluation has passed.`,
    ),
  featuresNotComputable: (message: string, cause: unknown) =>
    new ServingError(
      "FEATURES_NOT_COMPUTABLE",
      `The features of the model cannot be computed: ${message}. Correct the pipeline's features and train again.`,
      { cause },
    ),
  answerNotFinite: (row: number) =>
    new ServingError(
      "ANSWER_NOT_FINITE",
      `The model gave no finite number for row ${row}. Check the row's values against what the model was trained on.`,
    ),
  answerIncomplete: (output: string) =>
    new ServingError(
      "ANSWER_INCOMPLETE",
      `The model did not give its output "${output}" for every row. Promote another version.`,
    ),
} as const;

const namesShown = 20;

/** What the caller of an answer can do something about, with the status it is told. */
export const requestErrors = {
  pipelineUnknown: (pipeline: string, known: readonly string[]) =>
    new HttpProblem(
      404,
      "PIPELINE_UNKNOWN",
      known.length === 0
        ? `No pipeline serves a model yet, "${pipeline.slice(0, 100)}" neither. Apply it and wait for its first promotion.`
        : `There is no pipeline "${pipeline.slice(0, 100)}" that serves a model. There are: ${known.slice(0, namesShown).join(", ")}${known.length > namesShown ? ", …" : ""}.`,
    ),
  versionUnknown: (pipeline: string, version: string, known: readonly number[]) =>
    new HttpProblem(
      404,
      "VERSION_NOT_SERVED",
      `Version "${version.slice(0, 100)}" of ${pipeline} is not served here. Served now: ${known.join(", ") || "none"}.`,
    ),
  notLoaded: (pipeline: string) =>
    new HttpProblem(
      503,
      "MODEL_NOT_LOADED",
      `No model of ${pipeline} is loaded yet. Try again in a second; GET /v1/pipelines says what it is waiting for.`,
    ),
  entitiesUnavailable: () =>
    new HttpProblem(
      503,
      "ENTITIES_UNAVAILABLE",
      "What is known of the entities in the rows cannot be read now. Try again in a second; if it stays like this, look at the broker.",
    ),
  invalid: (message: string) => new HttpProblem(400, "REQUEST_INVALID", message),
  tooManyRows: (rows: number, most: number) =>
    new HttpProblem(
      413,
      "TOO_MANY_ROWS",
      `The request has ${rows} rows, ${most} are allowed. Send them in several requests.`,
    ),
} as const;
