import { execFile, execFileSync } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A disk so small that it can be filled. */
export interface SmallDisk extends AsyncDisposable {
  /** Takes all the space that is left. */
  fill(): Promise<void>;
  free(): Promise<void>;
}

const ballastName = ".ballast";
const chunkBytes = 1024 * 1024;

/** Mounts a disk in memory, which only root can on Linux; undefined where it is not possible. */
export async function mountSmallDisk(path: string, sizeMiB: number): Promise<SmallDisk | undefined> {
  if (platform() !== "linux" || process.getuid?.() !== 0) return undefined;
  await mkdir(path, { recursive: true });
  try {
    await execute("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=0755`, "cascade-chaos", path]);
  } catch {
    // A container without the right to mount: the faults that need this are skipped, and the report says so.
    return undefined;
  }
  // Also where the run is interrupted: nothing else would ever unmount it.
  const unmountAtExit = () => {
    execFileSync("umount", ["-l", path]);
  };
  process.once("exit", unmountAtExit);
  const ballast = join(path, ballastName);
  return {
    fill: () => fillWith(ballast),
    free: () => rm(ballast, { force: true }),
    [Symbol.asyncDispose]: async () => {
      process.off("exit", unmountAtExit);
      await execute("umount", ["-l", path]);
    },
  };
}

async function fillWith(ballast: string): Promise<void> {
  await using file = await open(ballast, "a");
  for (let size = chunkBytes; size >= 1; ) {
    try {
      await file.write(Buffer.alloc(size, 1));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      size = Math.floor(size / 4);
    }
  }
}
