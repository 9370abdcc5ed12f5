import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";

const operationKinds = ["submit", "arrive", "retrain", "predict", "label"] as const;

/** What was meant to be done; written before it is tried. */
const Intent = z.object({
  kind: z.enum(operationKinds),
  pipeline: z.string(),
  /** The event that was published, for all kinds but predictions. */
  eventId: z.string().optional(),
  /** For arrivals: equal for equal bytes. */
  content: z.string().optional(),
  replica: z.string().optional(),
  predictionIds: z.array(z.string()).optional(),
});
export type Intent = z.infer<typeof Intent>;

/** `unknown`: it may have happened or not, because no answer came. */
const Ending = z.object({
  outcome: z.enum(["ok", "failed", "unknown"]),
  detail: z.string().optional(),
  /** For predictions: the version that answered. */
  version: z.int().optional(),
});
export type Ending = z.infer<typeof Ending>;

export const JournalLine = z.union([
  z.object({ operation: z.int(), at: z.int(), intent: Intent }),
  z.object({ operation: z.int(), at: z.int(), ending: Ending }),
]);
type JournalLine = z.infer<typeof JournalLine>;

export interface Journal extends AsyncDisposable {
  readonly path: string;
  /** Writes down what is meant, and once that is on the disk returns how to write down what came of it. */
  intend(intent: Intent): Promise<(ending: Ending) => Promise<void>>;
}

/** What the load generator has done and was told, on disk line by line: the truth the system is compared with. */
export async function openJournal(path: string): Promise<Journal> {
  const file: FileHandle = await open(path, "ax");
  let operations = 0;
  let last: Promise<void> = Promise.resolve();
  const write = (line: JournalLine): Promise<void> => {
    last = last.then(async () => {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.datasync();
    });
    return last;
  };
  return {
    path,
    intend: async (intent) => {
      const operation = operations++;
      await write({ operation, at: Date.now(), intent });
      return (ending) => write({ operation, at: Date.now(), ending });
    },
    [Symbol.asyncDispose]: async () => {
      await last;
      await file.close();
    },
  };
}
