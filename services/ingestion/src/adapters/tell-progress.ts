import { stat } from "node:fs/promises";
import type { Problem } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";

type Tell = JobContext["progress"];

/** How often a batch is tried where that may help. */
export const ingestAttempts = 5;

/** Who follows looks at it, and no one reads faster. */
const intervalMs = 500;
const mebibyte = 1024 ** 2;

/** How often it is told that nothing comes. */
const silenceMs = 2000;

/** A file of a batch, its place among the others, and which try it is. */
export interface Fetching {
  readonly index: number;
  readonly count: number;
  readonly attempt: number;
}

/** Told of every piece of a file, and at its end. */
export interface BytesTeller extends Disposable {
  arrived(bytes: number, expected?: number): void;
}

/**
 * Tells how much of a file has arrived, at most twice a second however small the pieces are, and that nothing has come for
 * a while. How much of the batch that is can only be told where the size of the file is known.
 */
export function tellBytes(
  tell: Tell,
  { index, count, attempt }: Fetching,
  now = () => performance.now(),
): BytesTeller {
  const again = attempt === 1 ? "" : `, attempt ${attempt} of ${ingestAttempts}`;
  const what = `fetching file ${index + 1} of ${count}${again}`;
  tell({ message: what });
  let toldAt = now();
  let arrivedAt = toldAt;
  const silence = setInterval(() => {
    const silentMs = now() - arrivedAt;
    if (silentMs < silenceMs) return;
    tell({ message: `${what}: nothing has come for ${Math.round(silentMs / 1000)} s` });
  }, silenceMs);
  return {
    arrived: (bytes, expected) => {
      arrivedAt = now();
      if (arrivedAt - toldAt < intervalMs) return;
      toldAt = arrivedAt;
      const message = `${what}: ${Math.round(bytes / mebibyte)} MiB`;
      const share =
        expected === undefined || expected <= 0
          ? {}
          : { share: (index + Math.min(1, bytes / expected)) / count };
      tell({ message, ...share });
    },
    [Symbol.dispose]: () => clearInterval(silence),
  };
}

/** Tells that an attempt has failed and another follows: an event says so only after the last one. */
export function tellFailure(tell: Tell, attempt: number, { code, message }: Problem): void {
  if (attempt >= ingestAttempts) return;
  tell({ message: `${code}: ${message.slice(0, 300)} Attempt ${attempt + 1} follows.` });
}

/** Tells while a table is made how much of it is written; types are sought before it begins. */
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
