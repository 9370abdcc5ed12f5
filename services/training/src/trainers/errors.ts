/** Why a training program ends without a model; the code goes to the last line of stderr. */
const trainerErrorMessages = {
  REQUEST_UNREADABLE: "request.json cannot be read in the working folder.",
  REQUEST_INVALID: "request.json does not match the trainer contract.",
  PARAMETERS_INVALID: "The parameters do not match what this trainer takes.",
  DATA_UNREADABLE: "A Parquet file of the training set cannot be read.",
  COLUMN_MISSING: "The training set lacks a column of the request.",
  COLUMN_NOT_NUMERIC: "A column of type number cannot be read as a number. Declare it as a category.",
} as const;

export type TrainerErrorCode = keyof typeof trainerErrorMessages;

/** The request or its data cannot be used; the message says which part of it. */
export class TrainerError extends Error {
  readonly code: TrainerErrorCode;

  constructor(code: TrainerErrorCode, detail: string, options?: ErrorOptions) {
    super(`${trainerErrorMessages[code]} ${detail}`, options);
    this.name = "TrainerError";
    this.code = code;
  }
}
