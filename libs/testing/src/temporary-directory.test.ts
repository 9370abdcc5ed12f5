import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

test("a temporary directory is removed with everything in it", async () => {
  let path = "";
  {
    await using directory = await temporaryDirectory();
    path = directory.path;
    await writeFile(join(path, "file"), "content");
  }
  await expect(stat(path)).rejects.toThrow("ENOENT");
});
