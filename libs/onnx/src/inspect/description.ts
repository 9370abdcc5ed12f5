import type { ElementType } from "../element-types.ts";
import type { Dimension } from "../write/graph-builder.ts";

/** One input or output of a model. */
export interface TensorDescription {
  readonly name: string;
  readonly type: ElementType;
  /** null where the size is known only when the model runs. */
  readonly shape: readonly Dimension[];
}

/** What a model file says about itself, read without running anything. */
export interface ModelDescription {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
  /** Version of each operator domain; the default domain is "". */
  readonly opsets: Readonly<Record<string, number>>;
  /** Distinct operators, sorted; those of another domain are written "domain.Operator". */
  readonly operators: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
}
