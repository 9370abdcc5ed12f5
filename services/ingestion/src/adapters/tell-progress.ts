import { stat } from "node:fs/promises";
import type { JobContext } from "@cascade/messaging";

type Tell = JobContext["progress"];

/** Who follows looks at it, and no one reads faster. */
const intervalMs = 500;
const mebibyte = 1024 ** 2;

/** A file of a batch, and its place among the others. */
export interface Fetching {
  readonly index: number;
  readonly count: number;
}

/**
 * Tells how much of a file has arrived, at most twice a second however small the pieces are. How much of the batch that is
 * can only be told where the size of the file is known.
 */
export function tellBytes(tell: Tell, { index, count }: Fetching, now = () => performance.now()) {
  const what = `fetching file ${index + 1} of ${count}`;
  tell({ message: what });
  let toldAt = now();
  return (bytes: number, expected?: number): void => {
    if (now() - toldAt < intervalMs) return;
    toldAt = now();
    const message = `${what}: ${Math.round(bytes / mebibyte)} MiB`;
    const share =
      expected === undefined || expected <= 0
        ? {}
        : { share: (index + Math.min(1, bytes / expected)) / count };
    tell({ message, ...share });
  };
}

/** Tells while a table is made how much of it is written; the engine first reads all rows to find the types. */
export async function tellTable<T>(tell: Tell, output: string, work: () => Promise<T>): Promise<T> {
  tell({ message: "reading the rows" });
  const timer = setInterval(() => {
    stat(output).then(
      ({ size }) => tell({ message: `reading the rows: ${Math.round(size / mebibyte)} MiB written` }),
      // It is not there yet: the types come first.
      () => tell({ message: "reading the rows: finding the types of the columns" }),
    );
  }, intervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
