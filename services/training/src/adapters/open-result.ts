import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

// A pipe would block the open for ever, and a link would lead to what the program itself may not read.
const readOnlyHere = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a file that a training program has left: undefined where there is none, a reason where it is no plain file. */
export async function openResult(path: string): Promise<FileHandle | string | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, readOnlyHere);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    return code === "ELOOP" ? "it is a link" : `it cannot be opened (${code})`;
  }
  const { isPlain, reason } = await describe(handle);
  if (isPlain) return handle;
  await handle.close();
  return reason;
}

async function describe(handle: FileHandle): Promise<{ isPlain: boolean; reason: string }> {
  const found = await handle.stat();
  if (!found.isFile()) return { isPlain: false, reason: "it is no file" };
  return { isPlain: found.nlink === 1, reason: `it has ${found.nlink} names (hard links)` };
}
