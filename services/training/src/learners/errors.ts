/** Why a learner refuses to train; every code's message says what to change. */
const learnerErrorMessages = {
  NO_ROWS: "The training part has no rows. Check the filter and the split of the training set.",
  NO_VALIDATION_ROWS:
    "The validation part has no rows. Give the split a validation share, or add rows: early stopping and the metrics need it.",
  NO_COLUMNS: "The training set has no feature columns. Name at least one column beside the label.",
  ONE_CLASS:
    "Every training row has the same class, so there is nothing to tell apart. Widen the time range or the filter.",
  CONSTANT_LABEL:
    "Every training row has the same label, so there is nothing to predict. Widen the time range or the filter.",
  NO_INFORMATIVE_COLUMNS:
    "Every feature column is empty or constant. Check the join that produces the features, or name other columns.",
  TOO_MANY_CLASSES: "The label has more classes than allowed. Use the regression task, or group the classes.",
  NOT_BINARY: "The label has more than two values. Use the multiclass task, or derive a yes-or-no label.",
  MISSING_LABEL: "Some rows have no label. Filter them out before training.",
  LABEL_TOO_LARGE:
    "A label is too large for a model that answers in 32 bits. Divide the label, take its logarithm, or filter out what is no real value.",
  BAD_LABEL: "The label cannot be read for this task. Check the label column and the task.",
  PARAMETER_UNFIT: "A parameter does not fit the training set. Correct it, or leave it out.",
  TOO_MANY_WEIGHTS:
    "The columns and their categories need more weights than the linear learner takes. Lower categoriesMax, name fewer columns, or use builtin/gbdt.",
  TOO_LARGE:
    "The training set does not fit the learner's memory of 4 GiB. Use fewer rows or columns, or an external trainer.",
} as const;

export type LearnerErrorCode = keyof typeof learnerErrorMessages;

/** The training data cannot give a model; the code is stable, the message says what to do next. */
export class LearnerError extends Error {
  readonly code: LearnerErrorCode;

  constructor(code: LearnerErrorCode, detail?: string, options?: ErrorOptions) {
    const message: string = learnerErrorMessages[code];
    super(detail ? `${message} (${detail})` : message, options);
    this.name = "LearnerError";
    this.code = code;
  }
}
