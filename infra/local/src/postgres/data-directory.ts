import { chown, lstat, mkdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { endProcess } from "../process/pid-file.ts";
import { commandLineOf } from "../process/process-table.ts";
import { runProgram } from "../run-program.ts";
import { linkHome, makeHome } from "./data-home.ts";
import { mayReach, type User } from "./server-user.ts";

export interface DataDirectoryOptions {
  /** `data` is made in here, or a link of that name to where the server's user can reach it. */
  readonly directory: string;
  readonly initdb: string;
  readonly user: User | undefined;
  readonly password: string;
  readonly limitMs: number;
}

/** Makes the data directory where there is none yet, and returns its real path. */
export async function prepareDataDirectory(options: DataDirectoryOptions): Promise<string> {
  const { directory, user } = options;
  const wanted = join(directory, "data");
  if (!(await exists(wanted))) {
    if (user === undefined || (await mayReach(user, directory))) {
      await create(directory, options);
    } else {
      const home = await makeHome(directory, user);
      await create(home, options);
      await linkHome(home, wanted);
    }
  }
  return await realpath(wanted);
}

/** Removes the note of a server that no longer runs, and ends one that nobody owns. */
export async function clearStalePostmaster(data: string, stopLimitMs: number): Promise<void> {
  const path = join(data, "postmaster.pid");
  const note = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (note === undefined) return;
  const pid = Number.parseInt(note, 10);
  // Postgres itself would take any process with that id for a server and refuse to start.
  const isServer = pid > 0 && (await commandLineOf(pid)).includes(data);
  if (isServer) await endProcess(pid, "SIGINT", stopLimitMs);
  await rm(path, { force: true });
}

async function create(
  home: string,
  { initdb, user, password, limitMs }: DataDirectoryOptions,
): Promise<void> {
  const partial = join(home, "data.partial");
  const passwordFile = join(home, "password.partial");
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (user !== undefined) {
      await chown(partial, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    const initdbArguments = [
      ["--pgdata", partial],
      ["--username", "postgres"],
      ["--pwfile", passwordFile],
      ["--auth", "scram-sha-256"],
      ["--encoding", "UTF8"],
      // The same order and the same letter cases on every machine.
      ["--locale-provider", "builtin"],
      ["--builtin-locale", "C.UTF-8"],
      ["--locale", "C"],
      // The first checkpoint of the server writes it all to disk; until then it can be made again.
      ["--no-sync"],
    ].flat();
    const environment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
    await runProgram(initdb, initdbArguments, { environment, timeoutMs: limitMs, cwd: "/", user });
    await rename(partial, join(home, "data"));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    // A link to data that have been removed would otherwise stay broken for good.
    if (!found.isSymbolicLink()) return true;
    await realpath(path);
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    await rm(path, { force: true });
    return false;
  }
}
