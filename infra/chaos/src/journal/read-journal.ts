import { readFile } from "node:fs/promises";
import { type Ending, type Intent, JournalLine } from "./journal.ts";

/** One operation of the load generator as the journal tells it. */
export interface Operation extends Intent, Ending {
  readonly operation: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

/** Reads the journal. What has no ending is unknown: the generator may have died between the two lines. */
export async function readJournal(path: string): Promise<Operation[]> {
  const operations = new Map<number, Operation>();
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (line === "") continue;
    const entry = JournalLine.parse(JSON.parse(line));
    if ("intent" in entry) {
      const { operation, at, intent } = entry;
      operations.set(operation, {
        ...intent,
        operation,
        startedAt: at,
        endedAt: undefined,
        outcome: "unknown",
      });
      continue;
    }
    const begun = operations.get(entry.operation);
    if (begun === undefined) throw new Error(`${path}: operation ${entry.operation} ends but never began`);
    operations.set(entry.operation, { ...begun, ...entry.ending, endedAt: entry.at });
  }
  return [...operations.values()];
}
