import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTabular } from "../open-tabular.ts";
import type { Tabular } from "../tabular.ts";

/** The table engine with a folder of its own, for one test file. */
export type ForTests = {
  readonly tabular: Tabular;
  readonly path: (name: string) => string;
  readonly file: (name: string, content: string | Uint8Array) => Promise<string>;
  /** What calls left in the folder for intermediate results. */
  readonly leftovers: () => Promise<string[]>;
  readonly close: () => Promise<void>;
};

export async function openForTests(): Promise<ForTests> {
  const folder = await mkdtemp(join(tmpdir(), "cascade-tabular-"));
  const temporaryDirectory = await mkdtemp(join(tmpdir(), "cascade-tabular-temporary-"));
  const tabular = openTabular({
    processes: 1,
    threads: 2,
    memoryLimitMiB: 768,
    timeoutMs: 60_000,
    temporaryDirectory,
  });
  const path = (name: string) => join(folder, name);
  return {
    tabular,
    path,
    async file(name, content) {
      await writeFile(path(name), content);
      return path(name);
    },
    leftovers: () => readdir(temporaryDirectory),
    async close() {
      await tabular.close();
      await rm(folder, { recursive: true });
      await rm(temporaryDirectory, { recursive: true });
    },
  };
}

/** A file of the vega-datasets package: real data with its real flaws. */
export function realData(name: string): string {
  return join(fileURLToPath(new URL("../data/", import.meta.resolve("vega-datasets"))), name);
}
