import { lstat, readdir, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { DataSource } from "@cascade/contracts";
import { describeError } from "@cascade/messaging";
import type { ListedFile } from "../domain/watched-files.ts";
import { ingestionErrors } from "../errors.ts";
import { isWithin, neverRead } from "./copy-local-file.ts";

type FolderSource = Extract<DataSource, { kind: "folder" }>;

/** How many names of a folder are looked at; who leaves more lying there waits. */
const filesMax = 10_000;

/** What writers call a file while they write it. */
const unfinished = /^\.|\.(tmp|temp|part|partial|crdownload|swp)$|~$/iu;

/** The files of a folder that may be taken, with what shows that one was changed. */
export async function listFolder(
  { folder, suffix = "" }: FolderSource,
  roots: readonly string[],
): Promise<ListedFile[]> {
  if (!isAbsolute(folder)) throw ingestionErrors.folderUnreadable(folder, "the path is not absolute.");
  try {
    const real = await realpath(folder);
    const allowed = roots.length === 0 || roots.includes(real) || (await isWithin(real, roots));
    if (!allowed || (await isWithin(join(real, "file"), neverRead)))
      throw ingestionErrors.folderUnreadable(folder, "it is none of those that may be read.");
    const names = (await readdir(real)).filter((name) => name.endsWith(suffix) && !unfinished.test(name));
    const files = await Promise.all(
      names
        .sort()
        .slice(0, filesMax)
        .map((name) => stateOf(real, name)),
    );
    return files.filter((file) => file !== undefined);
  } catch (error) {
    if (error instanceof Error && "whatToDo" in error) throw error;
    throw ingestionErrors.folderUnreadable(folder, describeError(error).message, error);
  }
}

async function stateOf(folder: string, name: string): Promise<ListedFile | undefined> {
  // It may have been removed since its name was read.
  const found = await lstat(join(folder, name), { bigint: true }).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  return { name, state: `${found.size} ${found.mtimeNs} ${found.ino}` };
}
