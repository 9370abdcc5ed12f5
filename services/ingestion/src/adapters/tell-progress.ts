import { stat } from "node:fs/promises";
import type { JobContext } from "@cascade/messaging";

type Tell = JobContext["progress"];

/** Who follows looks at it, and no one reads faster. */
const intervalMs = 500;
const mebibyte = 1024 ** 2;

/** Tells how much of a file has arrived, at most twice a second however small the pieces are. */
export function tellBytes(tell: Tell, what: string, share: number, now = () => performance.now()) {
  let toldAt = now();
  return (bytes: number): void => {
    if (now() - toldAt < intervalMs) return;
    toldAt = now();
    tell({ message: `${what}: ${Math.round(bytes / mebibyte)} MiB`, share });
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
