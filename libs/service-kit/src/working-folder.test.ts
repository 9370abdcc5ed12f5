import { spawnSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { openWorkingFolder, removeLeftovers } from "./working-folder.ts";

test("a working folder is removed with what is in it", async () => {
  await using root = await temporaryDirectory();
  {
    await using folder = await openWorkingFolder(join(root.path, "work"));
    await mkdir(join(folder.path, "inside"));
  }
  expect(await readdir(join(root.path, "work"))).toEqual([]);
});

test("folders of processes that are gone are removed; those of living ones and of others stay", async () => {
  await using root = await temporaryDirectory();
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  const names = {
    ofDead: `work-${dead}-1-abc`,
    ofAlive: `work-${process.ppid}-1-abc`,
    ofEarlierSelf: `work-${process.pid}-1-abc`,
    ofOthers: `evaluation-${dead}-1-abc`,
  };
  for (const name of Object.values(names)) await mkdir(join(root.path, name));
  await using own = await openWorkingFolder(root.path);
  const removed = await removeLeftovers(root.path);
  expect(removed.sort()).toEqual([names.ofDead, names.ofEarlierSelf].sort());
  expect((await readdir(root.path)).map((name) => join(root.path, name))).toContain(own.path);
});
