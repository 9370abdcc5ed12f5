import { join } from "node:path";
import { openTabular } from "@cascade/tabular";

/** The training set as CSV too: not every Python has a reader of Parquet. An empty field is a missing value. */
export async function writeCsv(folder: string, signal: AbortSignal): Promise<void> {
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 1024,
    timeoutMs: 600_000,
    temporaryDirectory: folder,
  });
  try {
    for (const part of ["train", "validation"]) {
      const [path, output] = [join(folder, `${part}.parquet`), join(folder, `${part}.csv`)];
      await tabular.exportRows({ path, output, format: "csv", guardFormulas: false }, { signal });
    }
  } finally {
    await tabular.close();
  }
}
