import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ArtifactStore } from "./artifact-store.ts";
import { openArtifactStore } from "./open-artifact-store.ts";

let folder: string;
let store: ArtifactStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cascade-artifact-paths-"));
  await writeFile(join(folder, "secret"), "secret");
  store = openArtifactStore(pathToFileURL(join(folder, "store")).href);
  await store.putBytes(Buffer.from("known"), "text/plain");
});
afterAll(() => rm(folder, { recursive: true }));

const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "../../secret",
    "sha256:../../secret",
    "sha256:",
    "sha256:%2e%2e%2fsecret",
    "sha1:abc",
    "__proto__",
  ),
  hex, // Without its algorithm.
  hex.map((digits) => `sha256:${digits.toUpperCase()}`).filter((digest) => /[A-F]/.test(digest)),
  hex.map((digits) => `SHA256:${digits}`),
  hex.map((digits) => `sha256:${digits}\n`),
  hex.map((digits) => `sha256:${digits}\0`),
  hex.map((digits) => `sha256:${digits.slice(1)}/`),
  hex.map((digits) => `sha256:../${digits.slice(3)}`),
  hex.map((digits) => `sha256:${digits}${digits}`),
);

test("no text but a digest ever becomes a path, for reading, fetching or asking", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (digest) => {
      const ref = { digest, sizeBytes: 6, mediaType: "text/plain" };
      const invalid = { code: "ARTIFACT_DIGEST_INVALID" };
      await expect(store.readBytes(ref, { maxBytes: 100 })).rejects.toMatchObject(invalid);
      await expect(store.fetchToFile(ref, join(folder, "work"))).rejects.toMatchObject(invalid);
      await expect(store.has(digest)).rejects.toMatchObject(invalid);
    }),
    { numRuns: 300 },
  );
  expect((await readdir(folder)).toSorted()).toEqual(["secret", "store"]);
});

test("a digest that nobody stored is missing, never something else", async () => {
  await fc.assert(
    fc.asyncProperty(hex, async (digits) => {
      expect(await store.has(`sha256:${digits}`)).toBe(false);
    }),
  );
});

test("whatever bytes are put, exactly they come back, under any media type", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.string(), async (content, mediaType) => {
      const ref = await store.putBytes(content, mediaType);
      expect(ref.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(new Uint8Array(await store.readBytes(ref, { maxBytes: 2_000 }))).toEqual(content);
    }),
    { numRuns: 50 },
  );
});
