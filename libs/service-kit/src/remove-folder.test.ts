import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { removeFolder } from "./remove-folder.ts";

test("folders within each other are removed, however long their path is", async () => {
  await using root = await temporaryDirectory();
  const folder = join(root.path, "deep");
  await mkdir(folder);
  const name = "d".repeat(200);
  execFileSync("sh", ["-c", `for i in $(seq 60); do mkdir ${name}; cd -P ${name}; done; : > file`], {
    cwd: folder,
  });
  await removeFolder(folder);
  expect(await readdir(root.path)).toEqual([]);
});

test("folders that nobody may read are removed; one that is not there is no problem", async () => {
  await using root = await temporaryDirectory();
  const folder = join(root.path, "closed");
  await mkdir(join(folder, "inside", "further"), { recursive: true });
  await writeFile(join(folder, "inside", "file"), "");
  await chmod(join(folder, "inside"), 0o000);
  await chmod(folder, 0o500);
  await removeFolder(folder);
  await removeFolder(folder);
  expect(await readdir(root.path)).toEqual([]);
});
