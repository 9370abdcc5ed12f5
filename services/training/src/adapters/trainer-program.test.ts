import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { findTrainer } from "./trainer-program.ts";

test("a built-in trainer is our own program, run by our own Node", async () => {
  expect(await findTrainer("builtin/gbdt", "/nowhere")).toMatchObject({
    command: process.execPath,
    args: [expect.stringMatching(/services\/training\/src\/trainers\/gbdt\.ts$/)],
  });
});

test("arguments that name files of the directory become absolute, the others stay", async () => {
  await using root = await temporaryDirectory();
  const directory = join(root.path, "trainer");
  await mkdir(directory);
  await writeFile(join(directory, "train.py"), "");
  const command = ["python3", "train.py", "--depth", "6", "absent.py", "/etc/hostname"];
  expect(await findTrainer({ command, directory: "trainer" }, root.path)).toEqual({
    command: "python3",
    args: [join(directory, "train.py"), "--depth", "6", "absent.py", "/etc/hostname"],
    sources: [directory],
    directory,
  });
});

test("a program with a slash is a file of the directory", async () => {
  await using root = await temporaryDirectory();
  expect(await findTrainer({ command: ["./train.sh"], directory: root.path }, "/nowhere")).toMatchObject({
    command: join(root.path, "train.sh"),
  });
});

test("without a directory the command is taken as it is, and the files it names are its code", async () => {
  await using root = await temporaryDirectory();
  const file = join(root.path, "train.py");
  await writeFile(file, "");
  expect(await findTrainer({ command: ["python3", file, root.path] }, "/nowhere")).toEqual({
    command: "python3",
    args: [file, root.path],
    sources: [file],
  });
});

test("what an image has is not looked for on this machine", async () => {
  const command = ["python3", "/etc/hostname"];
  const image = "registry.example/trainer:1";
  expect(await findTrainer({ command, image }, "/nowhere")).toEqual({
    command: "python3",
    args: ["/etc/hostname"],
    sources: [],
    image,
  });
  expect(await findTrainer({ command, image, directory: "trainer" }, "/nowhere")).toMatch(/leave one out/u);
});

test("a directory that is not there is named", async () => {
  expect(await findTrainer({ command: ["python3"], directory: "gone" }, "/nowhere")).toBe(
    "The trainer's directory /nowhere/gone is not there.",
  );
});
