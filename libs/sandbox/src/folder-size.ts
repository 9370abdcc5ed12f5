import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

const mebibyte = 1024 * 1024;

/**
 * Room that the files of a folder take on the disk, in MiB. A file with holes takes what is written of it, and one
 * with several names counts once. Looks no further once `enough` is passed; what vanishes meanwhile is not counted.
 */
export async function folderMiB(path: string, enough = Number.POSITIVE_INFINITY): Promise<number> {
  const seen = new Set<number>();
  const folders = [path];
  let bytes = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const name = join(folder, entry.name);
      const found = await lstat(name).catch(() => undefined);
      if (found === undefined || (found.nlink > 1 && !entry.isDirectory() && seen.has(found.ino))) continue;
      if (found.nlink > 1) seen.add(found.ino);
      bytes += found.blocks * 512;
      if (entry.isDirectory()) folders.push(name);
      if (bytes / mebibyte > enough) return bytes / mebibyte;
    }
  }
  return bytes / mebibyte;
}
