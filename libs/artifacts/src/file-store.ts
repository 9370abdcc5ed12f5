import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type ArtifactRef, hexOf } from "./artifact-ref.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import { errorCode, isFull, syncFolder, withTemporaryFile } from "./atomic-file.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Copied, digestOf, hashWhile, writeAll } from "./copy-and-hash.ts";
import { ArtifactError, artifactErrors } from "./errors.ts";

// A FIFO would block the open, and a link would lead elsewhere.
const READ_ONLY_HERE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** A store in a local or mounted folder: `sha256/<hex>`, temporary files in `incoming`. */
export function openFileStore(root: string): ArtifactStore {
  const finished = join(root, "sha256");
  const incoming = join(root, "incoming");
  let prepared: Promise<void> | undefined;

  // What a killed writer left is removed by the next process that writes.
  async function prepareOnce(): Promise<void> {
    await mkdir(finished, { recursive: true });
    await mkdir(incoming, { recursive: true });
    for (const name of await readdir(incoming)) {
      const modifiedAt = await stat(join(incoming, name)).then(
        (found) => found.mtimeMs,
        () => Number.NaN,
      );
      if (Date.now() - modifiedAt > ABANDONED_AFTER_MS) await rm(join(incoming, name), { force: true });
    }
  }
  function prepare(): Promise<void> {
    prepared ??= prepareOnce().catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function settle(temporary: string, { digest, sizeBytes }: Copied): Promise<void> {
    const place = join(finished, hexOf(digest));
    const existing = await stat(place).catch(() => undefined);
    // Write-once: the first copy stays, unless a crash of the disk cut it short.
    if (existing?.isFile() && existing.size === sizeBytes) return;
    await rename(temporary, place);
    await syncFolder(finished);
  }

  async function put(mediaType: string, fill: (target: FileHandle) => Promise<Copied>): Promise<ArtifactRef> {
    try {
      await prepare();
      const { digest, sizeBytes } = await withTemporaryFile(incoming, fill, settle);
      return { digest, sizeBytes, mediaType };
    } catch (error) {
      if (error instanceof ArtifactError) throw error;
      throw isFull(error)
        ? artifactErrors.storeFull(root, error)
        : artifactErrors.storeUnavailable(root, error);
    }
  }

  async function openStored(digest: string): Promise<FileHandle> {
    const place = join(finished, hexOf(digest));
    try {
      const handle = await open(place, READ_ONLY_HERE);
      if ((await handle.stat()).isFile()) return handle;
      await handle.close();
      throw artifactErrors.missing(digest);
    } catch (error) {
      if (error instanceof ArtifactError) throw error;
      if (["ENOENT", "ELOOP"].includes(errorCode(error) ?? "")) throw artifactErrors.missing(digest);
      throw artifactErrors.storeUnavailable(root, error);
    }
  }

  /** Every read goes through here: the digest is compared before anybody gets to see the bytes. */
  async function readVerified(
    ref: ArtifactRef,
    take: (chunk: Uint8Array) => Promise<void> | void,
    signal?: AbortSignal,
  ): Promise<Copied> {
    const stored = await openStored(ref.digest);
    try {
      const copied = await hashWhile(stored, take, { maxBytes: ref.sizeBytes, signal });
      if (copied.digest !== ref.digest || copied.sizeBytes !== ref.sizeBytes) {
        throw artifactErrors.digestMismatch(
          ref.digest,
          `${copied.digest}, ${copied.sizeBytes} bytes or more`,
        );
      }
      return copied;
    } finally {
      await stored.close();
    }
  }

  const store: ArtifactStore = {
    async putFile(path, mediaType, { signal } = {}) {
      const source = await openSource(path);
      try {
        return await put(mediaType, (target) =>
          hashWhile(source, (chunk) => writeAll(target, chunk), { signal }),
        );
      } finally {
        await source.close();
      }
    },

    putBytes: (bytes, mediaType) =>
      put(mediaType, async (target) => {
        await writeAll(target, bytes);
        return { digest: digestOf(bytes), sizeBytes: bytes.length };
      }),

    async putJson(value) {
      return store.putBytes(Buffer.from(canonicalJson(value)), "application/json");
    },

    async fetchToFile(ref, directory, { signal } = {}) {
      const place = join(directory, hexOf(ref.digest));
      try {
        await mkdir(directory, { recursive: true });
        await withTemporaryFile(
          directory,
          (target) => readVerified(ref, (chunk) => writeAll(target, chunk), signal),
          (temporary) => rename(temporary, place),
        );
        return place;
      } catch (error) {
        if (error instanceof ArtifactError) throw error;
        throw isFull(error)
          ? artifactErrors.targetFull(directory, error)
          : artifactErrors.storeUnavailable(root, error);
      }
    },

    async readBytes(ref, { maxBytes }) {
      hexOf(ref.digest);
      if (ref.sizeBytes > maxBytes) throw artifactErrors.tooLarge(ref.digest, ref.sizeBytes, maxBytes);
      const chunks: Uint8Array[] = [];
      try {
        await readVerified(ref, (chunk) => void chunks.push(Buffer.from(chunk)));
      } catch (error) {
        throw error instanceof ArtifactError ? error : artifactErrors.storeUnavailable(root, error);
      }
      return Buffer.concat(chunks);
    },

    async readJson(ref, schema, limits) {
      const text = new TextDecoder("utf-8", { fatal: true });
      const bytes = await store.readBytes(ref, limits);
      let value: unknown;
      try {
        value = JSON.parse(text.decode(bytes));
      } catch (cause) {
        throw artifactErrors.jsonInvalid(`The artifact ${ref.digest}`, String(cause), cause);
      }
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw artifactErrors.jsonInvalid(
        `The artifact ${ref.digest}`,
        z.prettifyError(parsed.error),
        parsed.error,
      );
    },

    async has(digest) {
      const found = await stat(join(finished, hexOf(digest))).catch(() => undefined);
      return found?.isFile() ?? false;
    },

    async check() {
      try {
        await prepare();
        await withTemporaryFile(
          incoming,
          (target) => writeAll(target, Buffer.from("ready?")),
          async () => {},
        );
      } catch (error) {
        throw isFull(error)
          ? artifactErrors.storeFull(root, error)
          : artifactErrors.storeUnavailable(root, error);
      }
    },
  };
  return store;
}

async function openSource(path: string): Promise<FileHandle> {
  let source: FileHandle;
  try {
    source = await open(path, READ_ONLY_HERE);
  } catch (error) {
    throw artifactErrors.sourceRefused(path, error instanceof Error ? error.message : String(error), error);
  }
  const found = await source.stat();
  if (found.isFile() && found.nlink === 1) return source;
  await source.close();
  throw artifactErrors.sourceRefused(
    path,
    found.isFile() ? `it has ${found.nlink} names (hard links)` : "it is not a regular file",
  );
}
