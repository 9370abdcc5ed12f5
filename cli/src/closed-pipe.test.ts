import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

// The reader has ended long before Node has started, so that the first write meets a closed pipe.
test.skipIf(process.platform === "win32")("a reader that ends early is no failure", async () => {
  const script = '"$0" "$1" --help | true';
  const { stderr } = await promisify(execFile)("sh", ["-c", script, process.execPath, main]);
  expect(stderr).toBe("");
});
