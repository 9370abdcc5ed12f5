import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessWatch } from "../world/process-watch.ts";
import type { Leftovers } from "./evidence.ts";
import { readDatabaseLeftovers } from "./read-tables.ts";

/** What is left of the services after all of them were stopped in good order. */
export async function readLeftovers(
  stackDirectory: string,
  adminUrl: string,
  processes: Pick<ProcessWatch, "left">,
): Promise<Leftovers> {
  return {
    processes: await processes.left(),
    workFolders: await readWorkFolders(join(stackDirectory, "work")),
    ...(await readDatabaseLeftovers(adminUrl)),
  };
}

async function readWorkFolders(work: string): Promise<string[]> {
  const replicas = await readdir(work).catch(() => []);
  const folders = await Promise.all(
    replicas.map(async (replica) =>
      (await readdir(join(work, replica))).map((name) => join(work, replica, name)),
    ),
  );
  return folders.flat();
}
