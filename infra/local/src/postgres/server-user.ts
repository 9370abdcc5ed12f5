import { readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, LocalError } from "../errors.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Where root keeps what the server's user must reach but cannot in its wanted place. */
export const sharedDirectory = "/var/lib/cascade";

/** Postgres refuses to run as root. For root this is the user it runs as instead, for everybody else none. */
export async function serverUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readFile("/etc/passwd", "utf8");
  for (const line of accounts.split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name === "nobody") return { uid: Number(uid), gid: Number(gid) };
  }
  throw new LocalError(
    "POSTGRES_USER_MISSING",
    "Postgres does not run as root, and there is no user `nobody` to run it as. Start as another user.",
  );
}

/** Whether the user may pass through a directory and everything above it. */
export async function mayReach({ uid, gid }: User, directory: string): Promise<boolean> {
  for (let path = await nearestExisting(directory); ; path = dirname(path)) {
    const folder = await stat(path);
    const needed = folder.uid === uid ? 0o100 : folder.gid === gid ? 0o010 : 0o001;
    if ((folder.mode & needed) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

async function nearestExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    return nearestExisting(dirname(path));
  }
}
