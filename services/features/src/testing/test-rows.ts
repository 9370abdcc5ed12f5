import { join } from "node:path";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import { type ArtifactRef, type Column, mediaTypes } from "@cascade/contracts";
import { openTabular, type Tabular } from "@cascade/tabular";

/** Tables in the artifact store, as ingestion leaves them there. */
export interface TestRows {
  readonly store: ArtifactStore;
  readonly tabular: Tabular;
  put(rows: readonly Record<string, unknown>[], columns: readonly Column[]): Promise<ArtifactRef>;
  read(ref: ArtifactRef): Promise<readonly Record<string, unknown>[]>;
}

export function openTestRows(url: string, folder: string): TestRows {
  const store = openArtifactStore(url);
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 30_000,
    temporaryDirectory: folder,
  });
  let written = 0;
  return {
    store,
    tabular,
    put: async (rows, columns) => {
      written += 1;
      const output = join(folder, `rows-${written}.parquet`);
      const nullable = columns.map((column) => ({ ...column, nullable: true }));
      await tabular.writeRows({ rows, columns: nullable, output });
      return store.putFile(output, mediaTypes.parquet);
    },
    read: async (ref) => {
      const path = await store.fetchToFile(ref, folder);
      return tabular.readRows({ path, limit: 1000 });
    },
  };
}
