export { LearnerError, type LearnerErrorCode } from "./errors.ts";
export { type GbdtParameters, gbdtParametersSchema } from "./gbdt/parameters.ts";
export { type LinearParameters, linearParametersSchema } from "./linear/parameters.ts";
