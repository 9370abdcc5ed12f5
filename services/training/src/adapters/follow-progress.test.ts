import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobProgress } from "@cascade/messaging";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { followProgress } from "./follow-progress.ts";

const line = (step: number) => `{"step": ${step}, "of": 10}\n`;

test("whole lines are told while they are written, half a line when it is whole, and each once", async () => {
  await using root = await temporaryDirectory();
  const file = join(root.path, "progress.jsonl");
  const told: JobProgress[] = [];
  const following = followProgress(file, (progress) => told.push(progress), 5);
  await appendFile(file, line(1));
  await eventually(() => told.length === 1, { describe: "the first line" });
  await appendFile(file, '{"step": 2,');
  await appendFile(file, ' "of": 10}\n');
  await eventually(() => told.length === 2, { describe: "the second line" });
  await appendFile(file, line(3) + line(4));
  await following.stop();
  expect(told.map(({ message }) => message)).toEqual(["step 1 of 10", "step 2 of 10", told.at(-1)?.message]);
  expect(told.at(-1)).toEqual({ message: "step 4 of 10", share: 0.4 });
});

test("a program that writes no progress is no problem", async () => {
  await using root = await temporaryDirectory();
  const following = followProgress(join(root.path, "none"), () => expect.unreachable(), 5);
  await following.stop();
});
