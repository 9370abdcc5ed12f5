import type { ArtifactRef, Column } from "@cascade/contracts";
import type { Expectation } from "@cascade/tabular";
import { z } from "zod";
import { Demands } from "./demands.ts";
import type { Violation } from "./violations.ts";

/** A dataset version that waits for its verdict, with the demands that were in force when it arrived. */
export const Submission = z.object({
  datasetVersion: z.string(),
  rows: z.object({ digest: z.string(), sizeBytes: z.int(), mediaType: z.string() }),
  columns: z.array(
    z.object({ name: z.string(), type: z.enum(["boolean", "integer", "number", "string", "timestamp"]) }),
  ),
  demands: Demands,
  demandsDigest: z.string(),
  /** The dataset version whose quarantined rows these are, corrected. */
  resubmits: z.string().optional(),
  /** What the batch is called, or where it came from. */
  source: z.string().optional(),
  /** Not there where an older build has planned the work. */
  arrivedAt: z.iso.datetime().optional(),
});
export type Submission = z.infer<typeof Submission>;

/** The answer about a dataset version. */
export type Verdict =
  | {
      readonly outcome: "validated";
      readonly rows: ArtifactRef;
      readonly rowCount: number;
      readonly columns: Column[];
      readonly quarantined: { readonly rows: ArtifactRef; readonly rowCount: number } | undefined;
      readonly report: ArtifactRef;
      readonly warnings: string[];
      /** What later batches are judged by, where this is the first one. */
      readonly learned:
        | { readonly expectations: readonly Expectation[]; readonly reference: ArtifactRef | undefined }
        | undefined;
    }
  | {
      readonly outcome: "rejected";
      readonly rowCount: number;
      readonly quarantinedRows: number;
      readonly violations: Violation[];
      readonly report: ArtifactRef | undefined;
      readonly whatToDo: string;
    };
