import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText, writeBytes } from "./files.ts";

const missing = join(tmpdir(), "no-such-folder", "file.html");

test("a folder that is missing is named, and so is a file", async () => {
  await expect(writeBytes(missing, new Uint8Array())).rejects.toThrow(
    `${missing} cannot be written: there is no folder ${join(tmpdir(), "no-such-folder")}; make it`,
  );
  await expect(readText(missing)).rejects.toThrow(`${missing} cannot be read: there is no such file.`);
});

test("a folder is no file", async () => {
  await expect(writeBytes(tmpdir(), new Uint8Array())).rejects.toThrow("it is a folder");
  await expect(readText(tmpdir())).rejects.toThrow("it is a folder");
});
