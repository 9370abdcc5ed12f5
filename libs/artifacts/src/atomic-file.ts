import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Lets `fill` write a new file under a temporary name; `settle` then gives it its place. Whatever fails, the
 * temporary file is gone. The bytes are on the disk before the name is.
 */
export async function withTemporaryFile<T>(
  folder: string,
  fill: (target: FileHandle) => Promise<T>,
  settle: (temporary: string, filled: T) => Promise<void>,
): Promise<T> {
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    const target = await open(temporary, "wx", 0o444);
    let filled: T;
    try {
      filled = await fill(target);
      await target.sync();
    } finally {
      await target.close();
    }
    await settle(temporary, filled);
    return filled;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes a rename survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(errorCode(error) ?? "");
}
