import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { codeDigest } from "./code-digest.ts";

const limits = { files: 10, bytes: 10_000 };

async function digestOf(directory: string, command = ["python3", "train.py"]): Promise<string> {
  const result = await codeDigest(command, [directory], limits);
  return "digest" in result ? result.digest : result.refusal;
}

async function trainerIn(root: string, parent: string, text = "print(1)"): Promise<string> {
  const directory = join(root, parent, "trainer");
  await mkdir(join(directory, "lib"), { recursive: true });
  await writeFile(join(directory, "train.py"), text);
  await writeFile(join(directory, "lib", "model.py"), "pass");
  return directory;
}

test("the same files give the same digest, wherever they are", async () => {
  await using root = await temporaryDirectory();
  const here = await trainerIn(root.path, "here");
  const there = await trainerIn(root.path, "there");
  expect(await digestOf(here)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await digestOf(here)).toBe(await digestOf(there));
});

test("another content, another name, another command give another digest", async () => {
  await using root = await temporaryDirectory();
  const trainer = await trainerIn(root.path, "one");
  const original = await digestOf(trainer);
  expect(await digestOf(trainer, ["python3", "train.py", "--fast"])).not.toBe(original);
  expect(await digestOf(await trainerIn(root.path, "two", "print(2)"))).not.toBe(original);
  await writeFile(join(trainer, "more.py"), "");
  expect(await digestOf(trainer)).not.toBe(original);
});

test("what tools leave behind does not count", async () => {
  await using root = await temporaryDirectory();
  const trainer = await trainerIn(root.path, "one");
  const original = await digestOf(trainer);
  for (const name of ["__pycache__", ".venv", ".git", "node_modules"]) {
    await mkdir(join(trainer, name));
    await writeFile(join(trainer, name, "file"), "x".repeat(20_000));
  }
  expect(await digestOf(trainer)).toBe(original);
});

test("a link counts as where it leads; nothing behind it is read", async () => {
  await using root = await temporaryDirectory();
  const trainer = await trainerIn(root.path, "one");
  await symlink("/", join(trainer, "everything"));
  expect(await digestOf(trainer)).toMatch(/^sha256:/);
});

test("a directory that holds data instead of code is refused", async () => {
  await using root = await temporaryDirectory();
  const trainer = await trainerIn(root.path, "one");
  await writeFile(join(trainer, "data.csv"), "x".repeat(20_000));
  expect(await digestOf(trainer)).toContain("keep data and environments out of it");
});
