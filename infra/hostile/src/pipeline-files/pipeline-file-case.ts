import type { HostileInput } from "../hostile-input.ts";

/** The problem that must be among those told; or that the file is applied, where it is only strange. */
export type PipelineFileAnswer =
  | "applied"
  | { readonly line: number; readonly column: number; readonly path: string; readonly says: string };

interface PipelineFileInput {
  /** The name that the file is submitted under. */
  readonly pipeline: string;
  readonly text: string;
}

export type HostilePipelineFile = HostileInput<PipelineFileInput, PipelineFileAnswer>;

/** An entry before it has a pipeline of its own. */
export interface PipelineFileCase {
  readonly name: string;
  readonly row: number;
  readonly wanted: PipelineFileAnswer;
  readonly text: (pipeline: string) => string;
}
