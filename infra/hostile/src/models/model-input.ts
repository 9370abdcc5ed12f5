import type { ColumnValues, OnnxErrorCode } from "@cascade/onnx";
import type { SandboxErrorCode } from "@cascade/sandbox";
import type { HostileInput } from "../hostile-input.ts";

/** A refusal with one of these codes (where memory ends first depends on the machine), or exactly this output "y". */
export type ModelAnswer =
  | { readonly refused: OnnxErrorCode | SandboxErrorCode | readonly (OnnxErrorCode | SandboxErrorCode)[] }
  | { readonly y: ArrayLike<unknown> };

/** The bytes of a file that is called a model, and the rows that it is run on. */
export interface ModelInput {
  readonly bytes: Uint8Array;
  readonly columns?: Readonly<Record<string, ColumnValues>>;
  /** The time it gets; those that never end get little. */
  readonly timeoutMs?: number;
}

export type HostileModel = HostileInput<ModelInput, ModelAnswer>;

/** The rows for models that get none of their own: two of one float column. */
export const twoRows = { x: [1, 2] } as const;
