import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { IngestionError, ingestionErrors } from "../errors.ts";
import { type Taken, type TakeOptions, takeBytes } from "./take-bytes.ts";

// A FIFO would block the open, and a link would lead elsewhere.
const readOnlyHere = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

// What looks like regular files here are the environments and the memory of processes.
export const neverRead = ["/proc", "/sys"];

/**
 * Copies a regular file from an allowed folder. It is a copy that is worked on, because the sender may change
 * or remove the file at any time, and the digest must be that of the bytes that are used.
 */
export async function copyLocalFile(
  path: string,
  roots: readonly string[],
  options: TakeOptions,
): Promise<Taken> {
  const { uri } = options;
  let handle: FileHandle;
  try {
    if ((await lstat(path)).isSymbolicLink()) throw notRegular(uri);
    const real = await realpath(path);
    if (await isWithin(real, neverRead)) throw notRegular(uri);
    if (roots.length > 0 && !(await isWithin(real, roots))) throw outside(uri);
    handle = await open(real, readOnlyHere);
  } catch (error) {
    throw asIngestionError(uri, error);
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notRegular(uri);
    // A hard link in an allowed folder could give access to a file of another folder.
    if (roots.length > 0 && found.nlink > 1) throw linked(uri, found);
    return await takeBytes(handle.createReadStream({ autoClose: false }), {
      ...options,
      expectedBytes: found.size,
    });
  } catch (error) {
    throw asIngestionError(uri, error);
  } finally {
    await handle.close();
  }
}

/** Whether a path that was resolved lies below one of the folders. */
export async function isWithin(path: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const real = await realpath(root).catch(() => undefined);
    if (real === undefined) continue;
    const below = relative(real, path);
    if (below !== "" && below !== ".." && !below.startsWith(`..${sep}`)) return true;
  }
  return false;
}

const notRegular = (uri: string) =>
  ingestionErrors.uriRefused(
    uri,
    "it is not a regular file",
    "Give the path of the file itself: links, folders, pipes and devices are not read.",
  );

const outside = (uri: string) =>
  ingestionErrors.uriRefused(
    uri,
    "it is outside of the folders that may be read",
    "Put the file into one of the folders of CASCADE_INGEST_ROOTS, or add its folder there.",
  );

const linked = (uri: string, { nlink }: Stats) =>
  ingestionErrors.uriRefused(
    uri,
    `it has ${nlink} names (hard links)`,
    "Copy the file into the folder instead of linking it.",
  );

function asIngestionError(uri: string, error: unknown): unknown {
  if (error instanceof IngestionError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return ingestionErrors.fileMissing(uri, error);
    case "ELOOP":
    case "ENXIO":
    case "EISDIR":
      return notRegular(uri);
    case "EACCES":
    case "EPERM":
    case "ENAMETOOLONG":
      return ingestionErrors.fileUnreadable(uri, error);
    default:
      return error;
  }
}
