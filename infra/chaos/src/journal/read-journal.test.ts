import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { openJournal } from "./journal.ts";
import { readJournal } from "./read-journal.ts";

test("an operation is known with its ending, and without one it is unknown", async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "journal.jsonl");
  await using journal = await openJournal(path);
  const end = await journal.intend({ kind: "submit", pipeline: "north", eventId: "a" });
  await journal.intend({ kind: "arrive", pipeline: "north", eventId: "b" });
  await end({ outcome: "ok" });
  expect(await readJournal(path)).toMatchObject([
    { eventId: "a", outcome: "ok" },
    { eventId: "b", outcome: "unknown", endedAt: undefined },
  ]);
});

test("an ending without a beginning is no journal of ours", async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "journal.jsonl");
  await appendFile(path, `${JSON.stringify({ operation: 3, at: 1, ending: { outcome: "ok" } })}\n`);
  await expect(readJournal(path)).rejects.toThrow("operation 3 ends but never began");
});
