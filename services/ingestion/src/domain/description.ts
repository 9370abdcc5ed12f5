import { type Column, maxEventBytes } from "@cascade/contracts";
import { ingestionErrors } from "../errors.ts";

/** What the event about a batch lists, and what grows with the batch. */
export interface Description {
  readonly columns: readonly Column[];
  readonly files: readonly { readonly uri: string; readonly sizeBytes: number }[];
}

// The rest of dataset.ingested: digest, reference, counts and the name of the batch.
const otherBytesMax = 4096;

/** Refuses what one event could not tell. No attempt could ever help, so it comes before anything is stored. */
export function checkDescription({ columns, files }: Description): void {
  const sizeBytes = Buffer.byteLength(JSON.stringify({ columns, files }));
  if (sizeBytes > maxEventBytes - otherBytesMax) {
    throw ingestionErrors.descriptionTooLarge(sizeBytes, maxEventBytes);
  }
}
