import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "./fault.ts";
import { hold } from "./fault.ts";

/** The newest artifact is what some cascade needs next: it is deleted or cut to half, and restored afterwards. */
export const damageArtifact: Fault = {
  keys: () => ["artifacts"],
  inflict: async ({ world, planned: { holdMs, variant, number } }) => {
    const folder = join(world.stack.directory, "artifacts", "sha256");
    const name = await newestOf(folder);
    if (name === undefined) {
      return { what: "nothing", countedFrom: Date.now(), skipped: "nothing has been stored yet" };
    }
    const backup = join(world.directory, "backup");
    await mkdir(backup, { recursive: true });
    const [place, kept] = [join(folder, name), join(backup, name)];
    await copyFile(place, kept);
    if (variant === 0) await rm(place);
    else await replace(place, (await readFile(place)).subarray(0, (await stat(place)).size >> 1), number);
    await hold(holdMs);
    await replace(place, await readFile(kept), number);
    const how = variant === 0 ? "deleted" : "cut to half";
    return { what: `sha256/${name} ${how} for ${holdMs} ms, then restored`, countedFrom: Date.now() };
  },
};

async function newestOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  return found.toSorted((a, b) => b.at - a.at)[0]?.name;
}

/** A reader sees the old bytes or the new ones, as after a restore from a backup, and never half of them. */
async function replace(place: string, bytes: Uint8Array, number: number): Promise<void> {
  const beside = `${place}.chaos-${number}`;
  await writeFile(beside, bytes, { mode: 0o444 });
  await rename(beside, place);
}
