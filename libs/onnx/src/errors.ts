/** What can be wrong with a model file or with the data given to a model; messages say what to do next. */
const onnxErrorMessages = {
  MODEL_EMPTY: "The model file is empty. Export the model again.",
  MODEL_NOT_ONNX: "The file is not an ONNX model. Export the model to ONNX before handing it over.",
  MODEL_TRUNCATED: "The model file ends in the middle. Copy or export it again.",
  MODEL_TOO_LARGE: "The model is larger than the limit. Make it smaller, or raise the limit.",
  MODEL_EXTERNAL_DATA:
    "The model keeps data in other files. Save it as a single file with all tensors inside.",
  MODEL_UNKNOWN_DOMAIN:
    "The model uses operators of a domain that is not allowed. Use ONNX and ai.onnx.ml only.",
  MODEL_UNKNOWN_OPERATOR:
    "The model uses an operator that is not allowed. Export it with standard operators.",
  MODEL_WITHOUT_INPUTS: "The model has no inputs. Export it with one input a feature, or one for all.",
  MODEL_WITHOUT_OUTPUTS: "The model has no outputs. Export it with the predictions as output.",
  MODEL_UNSUPPORTED_TYPE:
    "An input or output is not a tensor of float, double, int32, int64, bool or string. Convert it in the graph (for scikit-learn: zipmap=False).",
  MODEL_BAD_SHAPE: "An input, output or constant has an impossible shape. Export the model again.",
  MODEL_GIANT_TENSOR:
    "The model builds a tensor above the limit. Make it depend on its inputs, or raise the limit.",
  MODEL_TOO_DEEP: "Graphs are nested deeper than the limit. Flatten the model, or raise the limit.",
  MODEL_REFUSED:
    "The runtime cannot load the model. Check operators, types and shapes with ONNX's own checker.",
  MODEL_RELEASED: "The model has been released. Load it again before running it.",
  INPUT_MISSING: "A column that the model needs was not given. Add it.",
  INPUT_WRONG_TYPE: "A value has the wrong type for its input. Convert it before the call.",
  INPUT_WRONG_LENGTH: "A column's length does not match the number of rows. Give one value a row.",
  RUN_FAILED: "The model failed on these rows. Check their values against what it was trained on.",
} as const;

/** Stable codes of the package's errors. */
export type OnnxErrorCode = keyof typeof onnxErrorMessages;

/** Whether a code that came from another process is one of ours. */
export function isOnnxErrorCode(code: string | undefined): code is OnnxErrorCode {
  return code !== undefined && Object.hasOwn(onnxErrorMessages, code);
}

/** Where the problem is, as far as it is known. */
export interface OnnxErrorDetails {
  readonly input?: string;
  readonly row?: number;
  readonly found?: string;
}

/** A model or its input cannot be used; `code` is stable, `message` is for people. */
export class OnnxError extends Error {
  readonly code: OnnxErrorCode;
  readonly details: OnnxErrorDetails;

  constructor(code: OnnxErrorCode, details: OnnxErrorDetails = {}, options?: ErrorOptions) {
    const place = [
      details.input === undefined ? [] : [`input ${JSON.stringify(details.input)}`],
      details.row === undefined ? [] : [`row ${details.row}`],
      details.found === undefined ? [] : [details.found],
    ].flat();
    super(onnxErrorMessages[code] + (place.length > 0 ? ` (${place.join(", ")})` : ""), options);
    this.name = "OnnxError";
    this.code = code;
    this.details = details;
  }
}
