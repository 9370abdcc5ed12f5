import { chmod, mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyOnce, locatePrograms } from "./native-programs.ts";

test("programs that several processes copy at once are there once and for everybody", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "cascade-test-"));
  const installed = join(folder.path, "installed");
  await mkdir(join(installed, "bin"), { recursive: true, mode: 0o700 });
  await writeFile(join(installed, "bin", "postgres"), "program");
  await chmod(join(installed, "bin", "postgres"), 0o700);

  const target = join(folder.path, "shared", "programs");
  const copies = await Promise.all(Array.from({ length: 4 }, () => copyOnce(installed, target)));

  expect(copies).toEqual([target, target, target, target]);
  expect(await readdir(join(folder.path, "shared"))).toEqual(["programs"]);
  expect(await readFile(join(target, "bin", "postgres"), "utf8")).toBe("program");
  expect((await stat(join(target, "bin", "postgres"))).mode & 0o777).toBe(0o755);
  expect((await stat(join(target, "bin"))).mode & 0o055).toBe(0o055);
});

test("the programs come with the installed packages", async () => {
  const { initdb, postgres } = await locatePrograms(undefined);
  for (const path of [initdb, postgres]) expect((await stat(path)).isFile()).toBe(true);
});
