export type { ElementType } from "./element-types.ts";
export { OnnxError, type OnnxErrorCode, type OnnxErrorDetails } from "./errors.ts";
export type { ModelDescription, TensorDescription } from "./inspect/description.ts";
export { inspectModel } from "./inspect/inspect-model.ts";
export { defaultLimits, type ModelLimits } from "./inspect/limits.ts";
export type { ColumnValues, TensorValues } from "./run/convert-column.ts";
export { type LoadOptions, loadModel, type OnnxModel, type OutputTensor } from "./run/load-model.ts";
export {
  type ModelSandbox,
  type ModelSandboxOptions,
  openModelSandbox,
} from "./sandbox/open-model-sandbox.ts";
export type { InspectRequest, RunRequest, SandboxRun } from "./sandbox/requests.ts";
export {
  type Attribute,
  type Dimension,
  GraphBuilder,
  type NodeDefinition,
} from "./write/graph-builder.ts";
