import { ArtifactRef, DataFormat } from "@cascade/contracts";
import { z } from "zod";
import { readable, toldAddress } from "./readable.ts";

const ArrivedFile = z.object({
  uri: z.string(),
  format: DataFormat.optional(),
  digest: z.string().optional(),
});
export type ArrivedFile = z.infer<typeof ArrivedFile>;

/** A batch to take in: files from outside, or what is in the artifact store already: predictions, rows of a query. */
export const Arrival = z.object({
  /** The event that brought it; the root of the cascade where it was found and not announced. */
  eventId: z.string().optional(),
  source: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("files"),
      files: z.array(ArrivedFile),
      batch: z.string().optional(),
      resubmits: z.string().optional(),
    }),
    z.object({ kind: z.literal("feedback"), batchId: z.string(), rows: ArtifactRef }),
    z.object({ kind: z.literal("stored"), uri: z.string(), format: DataFormat, rows: ArtifactRef }),
  ]),
});
export type Arrival = z.infer<typeof Arrival>;

/** An address that not even the job's row could hold. Every other one is judged when it is fetched. */
export function unreadableUri(files: readonly ArrivedFile[]): string | undefined {
  return files.map(({ uri }) => uri).find((uri) => readable(uri) !== uri);
}

/** What the events about a batch call its files. */
export function filesOf({ source }: Arrival): { uri: string }[] {
  if (source.kind === "feedback") return [{ uri: feedbackUri(source.batchId) }];
  if (source.kind === "stored") return [{ uri: source.uri }];
  return source.files.map(({ uri }) => ({ uri: toldAddress(uri) }));
}

export function feedbackUri(batchId: string): string {
  return `urn:cascade:feedback:${batchId}`;
}

/** An event that reports a failure must itself fit into a message, however many files were announced. */
export function fewFiles(files: readonly { uri: string }[]): { uri: string }[] {
  const bytesMax = 64 * 1024;
  let bytes = 0;
  return files.filter(({ uri }) => {
    bytes += Buffer.byteLength(uri);
    return bytes <= bytesMax;
  });
}
