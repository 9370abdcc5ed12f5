import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { hasCode } from "../errors.ts";
import { mayReach, sharedDirectory, type User } from "./server-user.ts";

const namePrefix = "cascade-postgres-data-";
/** Notes in a home which link leads to it; written once the link is there. */
const linkNote = "linked-from";

/**
 * Makes a place for data where the server's user can reach it. What was wanted among the temporary files stays
 * among them; the rest outlives a restart of the machine.
 */
export async function makeHome(wanted: string, user: User): Promise<string> {
  const root = await chooseRoot(wanted, user);
  const home = await mkdtemp(join(root, namePrefix));
  await chmod(home, 0o711);
  return home;
}

/** Makes a home the one that `link` leads to. Until the link is there, there is no data directory. */
export async function linkHome(home: string, link: string): Promise<void> {
  await symlink(join(home, "data"), link);
  await writeFile(join(home, linkNote), link);
}

async function chooseRoot(wanted: string, user: User): Promise<string> {
  const temporary = await realpath(tmpdir());
  if (`${await realpath(wanted)}${sep}`.startsWith(temporary + sep) && (await mayReach(user, temporary))) {
    await removeForsaken(temporary);
    return temporary;
  }
  // Nothing is removed here: a link that is gone may only have been moved together with its folder.
  await mkdir(sharedDirectory, { recursive: true });
  return sharedDirectory;
}

/** Temporary folders are deleted and not moved: where the link is gone, nobody wants the data any more. */
async function removeForsaken(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    if (!name.startsWith(namePrefix)) continue;
    const home = join(temporary, name);
    const link = await readFile(join(home, linkNote), "utf8").catch(() => undefined);
    if (link === undefined || (await leadsTo(link, join(home, "data")))) continue;
    await rm(home, { recursive: true, force: true });
  }
}

async function leadsTo(link: string, data: string): Promise<boolean> {
  try {
    return (await lstat(link)).isSymbolicLink() && (await readlink(link)) === data;
  } catch (error) {
    return !hasCode(error, "ENOENT");
  }
}
