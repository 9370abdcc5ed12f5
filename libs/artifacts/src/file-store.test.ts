import { execFileSync, spawnSync } from "node:child_process";
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ArtifactStore } from "./artifact-store.ts";
import { openArtifactStore } from "./open-artifact-store.ts";

const HELLO = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const bytes = (text: string) => Buffer.from(text);
let folder: string;
let root: string;
let store: ArtifactStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cascade-artifacts-"));
  root = join(folder, "store");
  store = openArtifactStore(pathToFileURL(root).href);
});
afterEach(() => rm(folder, { recursive: true }));
const stored = (digest: string) => join(root, "sha256", digest.slice(7));
const leftovers = async () =>
  (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".tmp"));
async function sourceFile(content: string | Buffer, name = "source"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
/** Replaces stored bytes as a failing disk or an intruder would. */
async function damage(digest: string, content: string): Promise<void> {
  await rm(stored(digest));
  await writeFile(stored(digest), content);
}

describe("putting", () => {
  test("names bytes, files and values by the digest of their bytes", async () => {
    const expected = { digest: HELLO, sizeBytes: 5, mediaType: "text/plain" };
    expect(await store.putBytes(bytes("hello"), "text/plain")).toEqual(expected);
    expect(await store.putFile(await sourceFile("hello"), "text/plain")).toEqual(expected);
    expect(await readdir(join(root, "sha256"))).toEqual([HELLO.slice(7)]);
    expect(await leftovers()).toEqual([]);
  });

  test("the same bytes again keeps the first copy, also when many do it at once", async () => {
    await store.putBytes(bytes("hello"), "text/plain");
    const first = await stat(stored(HELLO));
    await Promise.all(Array.from({ length: 20 }, () => store.putBytes(bytes("hello"), "text/plain")));
    expect((await stat(stored(HELLO))).ino).toBe(first.ino);
    expect(await leftovers()).toEqual([]);
  });

  test("repairs a copy that a crash cut short", async () => {
    const ref = await store.putBytes(bytes("hello"), "text/plain");
    await damage(HELLO, "hel");
    await store.putBytes(bytes("hello"), "text/plain");
    expect(Buffer.from(await store.readBytes(ref, { maxBytes: 10 })).toString()).toBe("hello");
  });

  test("takes files of many chunks and empty ones", async () => {
    const large = Buffer.alloc(3 * (1 << 20) + 17, "cascade");
    const ref = await store.putFile(await sourceFile(large), "application/octet-stream");
    expect(large.equals(await store.readBytes(ref, { maxBytes: large.length }))).toBe(true);
    const empty = await store.putFile(await sourceFile("", "empty"), "text/plain");
    expect(await store.readBytes(empty, { maxBytes: 0 })).toHaveLength(0);
  });

  test("equal values as JSON have equal digests, whatever the order of their keys", async () => {
    const one = await store.putJson({ b: [1, { d: null, c: "ü" }], a: true, none: undefined });
    const other = await store.putJson({ a: true, b: [1, { c: "ü", d: null }] });
    expect(one).toEqual(other);
    expect(await readFile(stored(one.digest), "utf8")).toBe('{"a":true,"b":[1,{"c":"ü","d":null}]}');
  });

  test.each([[Number.NaN], [{ loss: [1, Number.POSITIVE_INFINITY] }], [1n], [{ f: () => 1 }], [undefined]])(
    "a value that JSON would change silently is refused: %o",
    async (value) => {
      await expect(store.putJson(value)).rejects.toMatchObject({ code: "ARTIFACT_JSON_INVALID" });
    },
  );

  test("a value that contains itself is refused", async () => {
    const loop: Record<string, unknown> = {};
    loop.self = { loop };
    await expect(store.putJson(loop)).rejects.toThrow(/contains itself/);
  });
});

describe("a source that is not a regular file with one name is refused", () => {
  test("symbolic link", async () => {
    await symlink(await sourceFile("secret"), join(folder, "link"));
    await expect(store.putFile(join(folder, "link"), "text/plain")).rejects.toMatchObject({
      code: "ARTIFACT_SOURCE_REFUSED",
    });
  });

  test("hard link", async () => {
    await link(await sourceFile("secret"), join(folder, "link"));
    await expect(store.putFile(join(folder, "link"), "text/plain")).rejects.toThrow(/2 names/);
  });

  test("FIFO, without waiting for a writer", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "fifo")]);
    await expect(store.putFile(join(folder, "fifo"), "text/plain")).rejects.toThrow(/not a regular file/);
  });

  test("folder, device, and nothing", async () => {
    for (const path of [folder, "/dev/zero", join(folder, "none")]) {
      await expect(store.putFile(path, "text/plain")).rejects.toMatchObject({
        code: "ARTIFACT_SOURCE_REFUSED",
      });
    }
  });
});

describe("reading", () => {
  test("fetches a copy that is no link to the stored file", async () => {
    const ref = await store.putBytes(bytes("hello"), "text/plain");
    const path = await store.fetchToFile(ref, join(folder, "work", "input"));
    expect(await readFile(path, "utf8")).toBe("hello");
    expect(await stat(path)).toMatchObject({ nlink: 1 });
    expect((await stat(path)).ino).not.toBe((await stat(stored(HELLO))).ino);
    expect(await store.fetchToFile(ref, join(folder, "work", "input"))).toBe(path);
  });

  test.each([
    ["changed", "hellO"],
    ["cut short", "hell"],
    ["longer", "hello!"],
    ["emptied", ""],
  ])("bytes that were %s are never handed out, and no copy stays", async (_, content) => {
    const ref = await store.putBytes(bytes("hello"), "text/plain");
    await damage(HELLO, content);
    const mismatch = { code: "ARTIFACT_DIGEST_MISMATCH" };
    await expect(store.readBytes(ref, { maxBytes: 10 })).rejects.toMatchObject(mismatch);
    await expect(store.fetchToFile(ref, join(folder, "work"))).rejects.toMatchObject(mismatch);
    expect(await readdir(join(folder, "work"))).toEqual([]);
  });

  test("a reference whose size is a lie is a mismatch", async () => {
    const ref = await store.putBytes(bytes("hello"), "text/plain");
    for (const sizeBytes of [4, 6, -1]) {
      await expect(store.readBytes({ ...ref, sizeBytes }, { maxBytes: 10 })).rejects.toMatchObject({
        code: "ARTIFACT_DIGEST_MISMATCH",
      });
    }
  });

  test("what is missing, a link or a folder in its place is missing", async () => {
    const ref = { digest: HELLO, sizeBytes: 5, mediaType: "text/plain" };
    const missing = { code: "ARTIFACT_MISSING", message: expect.stringContaining(HELLO) };
    await expect(store.readBytes(ref, { maxBytes: 10 })).rejects.toMatchObject(missing);
    expect(await store.has(HELLO)).toBe(false);
    await mkdir(stored(HELLO), { recursive: true });
    await expect(store.fetchToFile(ref, join(folder, "work"))).rejects.toMatchObject(missing);
    await rm(stored(HELLO), { recursive: true });
    await symlink(await sourceFile("hello"), stored(HELLO));
    await expect(store.fetchToFile(ref, join(folder, "work"))).rejects.toMatchObject(missing);
  });

  test("more than the reader takes into memory is refused before it is read", async () => {
    const ref = await store.putBytes(bytes("hello"), "text/plain");
    await expect(store.readBytes(ref, { maxBytes: 4 })).rejects.toMatchObject({ code: "ARTIFACT_TOO_LARGE" });
  });

  test("JSON is checked against its schema", async () => {
    const schema = z.object({ rows: z.number() });
    const limits = { maxBytes: 1_000 };
    expect(await store.readJson(await store.putJson({ rows: 3 }), schema, limits)).toEqual({ rows: 3 });
    const invalid = { code: "ARTIFACT_JSON_INVALID" };
    await expect(store.readJson(await store.putJson({ rows: "3" }), schema, limits)).rejects.toMatchObject(
      invalid,
    );
    await expect(
      store.readJson(await store.putBytes(bytes("{rows"), "application/json"), schema, limits),
    ).rejects.toMatchObject(invalid);
    await expect(
      store.readJson(await store.putBytes(Buffer.from([0xff, 0xfe]), "application/json"), schema, limits),
    ).rejects.toMatchObject(invalid);
  });
});

test("a cancelled copy leaves nothing behind, in either direction", async () => {
  const signal = AbortSignal.abort(new Error("superseded"));
  const cancelled = { code: "ARTIFACT_CANCELLED", cause: { message: "superseded" } };
  await expect(store.putFile(await sourceFile("hello"), "text/plain", { signal })).rejects.toMatchObject(
    cancelled,
  );
  const ref = await store.putBytes(bytes("hello"), "text/plain");
  await expect(store.fetchToFile(ref, join(folder, "work"), { signal })).rejects.toMatchObject(cancelled);
  expect(await leftovers()).toEqual([]);
  expect(await readdir(join(folder, "work"))).toEqual([]);
});

describe("readiness", () => {
  test("is given when a file can be written, and leaves none", async () => {
    await store.check();
    expect(await leftovers()).toEqual([]);
  });

  test("is refused with the reason when the folder cannot be one", async () => {
    const blocked = openArtifactStore(pathToFileURL(join(await sourceFile("a file"), "store")).href);
    const unavailable = { code: "ARTIFACT_STORE_UNAVAILABLE", message: expect.stringContaining("mounted") };
    await expect(blocked.check()).rejects.toMatchObject(unavailable);
    await expect(blocked.putBytes(bytes("hello"), "text/plain")).rejects.toMatchObject(unavailable);
  });

  test("comes back by itself when the folder does", async () => {
    await writeFile(root, "in the way");
    await expect(store.check()).rejects.toMatchObject({ code: "ARTIFACT_STORE_UNAVAILABLE" });
    await rm(root);
    await store.check();
  });
});

// A file system of its own needs a kernel that lets users mount one.
const canMount = spawnSync("sh", ["-c", 'unshare -rm mount -t tmpfs none "$0"', tmpdir()]).status === 0;
test.runIf(canMount)(
  "a full disk is told as such, in the store and in the working folder, and nothing is left on it",
  () => {
    const writer = fileURLToPath(new URL("./testing/fill-disk.ts", import.meta.url));
    const inside = 'mkdir -p "$0" && mount -t tmpfs -o size=1m none "$0" && exec "$1" "$2" "$0"';
    const script = 'exec unshare -rm sh -c "$@"';
    const run = spawnSync("sh", [
      "-c",
      script,
      "sh",
      inside,
      join(folder, "small"),
      process.execPath,
      writer,
    ]);
    expect(run.stdout.toString().split("\n")).toEqual([
      "ARTIFACT_STORE_FULL",
      "0 left",
      "ARTIFACT_TARGET_FULL",
      "0 left",
      "",
    ]);
  },
);

test("what a killed writer left a day ago is removed, what another writes now is not", async () => {
  await mkdir(join(root, "incoming"), { recursive: true });
  for (const name of ["old.tmp", "new.tmp"]) await writeFile(join(root, "incoming", name), "half");
  await utimes(join(root, "incoming", "old.tmp"), 0, 0);
  await store.putBytes(bytes("hello"), "text/plain");
  expect(await leftovers()).toEqual([join("incoming", "new.tmp")]);
});

test.each(["s3://bucket/prefix", "/plain/path", "file://host/path", "http://localhost", "", "file:///a%2Fb"])(
  "a URL that names no store is refused with what to use: %s",
  (url) => {
    expect(() => openArtifactStore(url)).toThrow(
      expect.objectContaining({
        code: "ARTIFACT_URL_UNSUPPORTED",
        message: expect.stringMatching(/file:\/\/\/.*S3/),
      }),
    );
  },
);
