import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { brokerConfig } from "./broker-config.ts";
import { inFolder, openCredentials } from "./credentials.ts";

const parties = [{ name: "acme" }];

test("every user gets a key of its own, which nobody else can read and no later start replaces", async () => {
  await using directory = await temporaryDirectory();
  const folder = join(directory.path, "keys");
  const first = await openCredentials({ parties, fileOf: inFolder(folder) });
  const seeds = new Set<string>();
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    seeds.add(await readFile(join(folder, name), "utf8"));
  }
  expect(seeds.size).toBe(13);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readdir(folder)).toContain("outside-acme.nk");
  const second = await openCredentials({ parties, fileOf: inFolder(folder) });
  expect(second.publicKeys).toEqual(first.publicKeys);
});

test("starts at the same time agree on the keys", async () => {
  await using directory = await temporaryDirectory();
  const open = () => openCredentials({ parties, fileOf: inFolder(directory.path) });
  const [first, ...others] = await Promise.all([open(), open(), open()]);
  for (const other of others) expect(other.publicKeys).toEqual(first?.publicKeys);
});

test("a file that holds no seed is named, and its content is not told", async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, "registry.nk"), "hush-hush");
  const opening = openCredentials({ parties, fileOf: inFolder(directory.path) });
  await expect(opening).rejects.toThrow(/registry\.nk holds no nkey seed/);
  await expect(opening).rejects.not.toThrow(/hush/);
});

test("the broker's settings hold no seed", async () => {
  await using directory = await temporaryDirectory();
  const credentials = await openCredentials({ parties, fileOf: inFolder(directory.path) });
  const text = JSON.stringify(brokerConfig(parties, credentials));
  expect(text).not.toMatch(/\bSU[A-Z2-7]{56}\b/);
  expect(text.match(/"U[A-Z2-7]{55}"/g)).toHaveLength(13);
});
