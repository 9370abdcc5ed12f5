import type { ModelLimits } from "../inspect/limits.ts";
import type { ColumnValues } from "../run/convert-column.ts";
import type { OutputTensor } from "../run/load-model.ts";

/** A model file to look at. */
export interface InspectRequest {
  readonly modelPath: string;
  readonly limits?: Partial<ModelLimits>;
}

/** A model file and the rows to run it on. */
export interface RunRequest extends InspectRequest {
  readonly columns: Readonly<Record<string, ColumnValues>>;
  readonly rowCount: number;
}

/** What a run in the sandbox gives. */
export interface SandboxRun {
  readonly outputs: Readonly<Record<string, OutputTensor>>;
  readonly loadMs: number;
  readonly runMs: number;
}
