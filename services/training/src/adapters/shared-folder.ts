import { chown, mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeFolder } from "@cascade/service-kit";

/** A working folder on a volume that pods see as well. */
export interface SharedFolder extends AsyncDisposable {
  readonly path: string;
  /** Whether it stays for the next worker, who finds a program at work in it. */
  keeps: boolean;
}

/**
 * Opens the folder of this name, or makes it. It gets its name only when it is complete: what has the name is never
 * written to by us again, because a program may be at work in it, or have put links there.
 */
export async function openSharedFolder(
  directory: string,
  name: string,
  user: number,
  prepare: (path: string) => Promise<void>,
): Promise<SharedFolder> {
  const path = join(directory, name);
  const isThere = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (!isThere) {
    const unfinished = `${path}.new`;
    await removeFolder(unfinished);
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    try {
      await prepare(unfinished);
      if (process.getuid?.() !== user) await chown(unfinished, user, user);
      await rename(unfinished, path);
    } catch (error) {
      await removeFolder(unfinished);
      throw error;
    }
  }
  const folder: SharedFolder = {
    path,
    keeps: false,
    [Symbol.asyncDispose]: async () => {
      if (!folder.keeps) await removeFolder(path);
    },
  };
  return folder;
}
