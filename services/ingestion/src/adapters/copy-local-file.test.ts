import { execFile } from "node:child_process";
import { link, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyLocalFile } from "./copy-local-file.ts";

const stack = new AsyncDisposableStack();
let inside: string;
let outside: string;
let target = 0;
beforeAll(async () => {
  const { path } = stack.use(await temporaryDirectory());
  inside = join(path, "inside");
  outside = join(path, "outside");
  await mkdir(inside);
  await mkdir(outside);
  await writeFile(join(inside, "a.csv"), "a\n1\n");
  await writeFile(join(outside, "secret.csv"), "secret\n");
});
afterAll(() => stack.disposeAsync());

function copy(path: string, roots: readonly string[] = [], bytesLeft = 100) {
  target += 1;
  const to = join(outside, `copy-${target}`);
  const signal = new AbortController().signal;
  const taken = copyLocalFile(path, roots, {
    uri: path,
    target: to,
    bytesLeft,
    bytesMax: 100,
    ratioMax: 10,
    signal,
  });
  return { taken, to };
}

const refused = { code: "URI_REFUSED", again: false };

test("a regular file is copied and hashed", async () => {
  const { taken, to } = copy(join(inside, "a.csv"), [inside]);
  expect((await taken).sizeBytes).toBe(4);
  expect(await readFile(to, "utf8")).toBe("a\n1\n");
});

test("what is outside of the allowed folders is refused, however the path is written", async () => {
  await expect(copy(join(outside, "secret.csv"), [inside]).taken).rejects.toMatchObject(refused);
  await expect(copy(`${inside}/../outside/secret.csv`, [inside]).taken).rejects.toMatchObject(refused);
  await symlink(outside, join(inside, "way-out"));
  await expect(copy(join(inside, "way-out", "secret.csv"), [inside]).taken).rejects.toMatchObject(refused);
  await expect(copy(join(outside, "secret.csv"), [`${inside}/nowhere`]).taken).rejects.toMatchObject(refused);
});

test("links are refused; hard ones where folders are restricted", async () => {
  await symlink(join(inside, "a.csv"), join(inside, "soft.csv"));
  await expect(copy(join(inside, "soft.csv")).taken).rejects.toMatchObject(refused);
  await link(join(outside, "secret.csv"), join(inside, "hard.csv"));
  await expect(copy(join(inside, "hard.csv"), [inside]).taken).rejects.toMatchObject(refused);
  expect((await copy(join(inside, "hard.csv")).taken).sizeBytes).toBe(7);
});

test("folders, pipes and devices are refused without waiting for them", async () => {
  const pipe = join(inside, "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  for (const path of [inside, pipe, "/dev/zero"]) {
    await expect(copy(path).taken).rejects.toMatchObject(refused);
  }
});

test("a missing file and one that is too large say so", async () => {
  await expect(copy(join(inside, "none.csv")).taken).rejects.toMatchObject({ code: "FILE_MISSING" });
  await expect(copy(join(inside, "a.csv", "b.csv")).taken).rejects.toMatchObject({ code: "FILE_MISSING" });
  await expect(copy(join(inside, "a.csv"), [], 3).taken).rejects.toMatchObject({ code: "TOO_LARGE" });
});
