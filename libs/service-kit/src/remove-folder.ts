import { randomUUID } from "node:crypto";
import { chmod, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** Well below the longest path that systems take, whatever hangs below. */
const pathLengthMax = 1024;
const retriesMax = 3;

/**
 * Removes a folder with all that a program from outside may have made in it: folders without rights, and folders
 * within each other until their path is longer than any call takes. Nobody may still be at work in it.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await remove(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENAMETOOLONG" && code !== "EACCES" && code !== "EPERM") throw error;
    await makeRemovable(path);
    await remove(path);
  }
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: retriesMax });
}

/** Gives the rights back, and brings what lies too deep up to the root. */
async function makeRemovable(root: string): Promise<void> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (path.length - root.length <= pathLengthMax) folders.push(path);
      else {
        await chmod(path, 0o700);
        const above = join(root, randomUUID());
        await rename(path, above);
        folders.push(above);
      }
    }
  }
}
