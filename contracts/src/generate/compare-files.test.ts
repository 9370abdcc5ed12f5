import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { compareFiles } from "./compare-files.ts";
import { schemaFiles } from "./event-schema.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "contracts-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function planted<Data>(schema: z.ZodType<Data>, example: NoInfer<Data>) {
  return schemaFiles([
    defineEvent({
      name: "thing.changed",
      version: 1,
      owner: "training",
      consumers: ["evaluation"],
      summary: "A thing has changed.",
      schema,
      example,
    }),
  ]);
}

async function commit(files: readonly { path: string; content: string }[]) {
  for (const { path, content } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const published = () => planted(z.object({ name: z.string() }), { name: "x" });

test("files as the contracts want them give no difference", async () => {
  await commit(published());
  expect(await compareFiles(root, published())).toEqual({ stale: [], leftOver: [], breaking: [] });
});

test("a new event is stale, and breaks nothing", async () => {
  expect(await compareFiles(root, published())).toEqual({ stale: published(), leftOver: [], breaking: [] });
});

test("a compatible change asks for new files only", async () => {
  await commit(published());
  const changed = planted(z.object({ name: z.string(), note: z.string().optional() }), { name: "x" });
  expect(await compareFiles(root, changed)).toEqual({ stale: changed, leftOver: [], breaking: [] });
});

test("an incompatible change of a published version says to make a new major", async () => {
  await commit(published());
  const changed = planted(z.object({ name: z.number() }), { name: 1 });
  expect((await compareFiles(root, changed)).breaking).toEqual([
    "cascade.thing.changed.v1: data.name: type was changed from string to number. This version is published: define a new major version with an upcast instead.",
  ]);
});

test("what nothing generates any more is named", async () => {
  await commit([...published(), { path: "samples/gone.json", content: "{}" }]);
  expect((await compareFiles(root, published())).leftOver).toEqual(["samples/gone.json"]);
});

test("an unreadable folder is an error, not an empty one", async () => {
  await writeFile(join(root, "schemas"), "a file where a folder belongs");
  await expect(compareFiles(root, [])).rejects.toThrow(/ENOTDIR/);
});
