import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileFormat, openTabular, TabularError } from "@cascade/tabular";
import { temporaryDirectory } from "@cascade/testing";
import { type TableAnswer, type TableInput, tableLimits } from "./table-input.ts";

/** The real reading path of datasets: a file becomes Parquet in a child process, and its rows are read back. */
export interface Tables extends AsyncDisposable {
  readonly tabular: ReturnType<typeof openTabular>;
  /** Gives the answer, and throws for every error that has no code or leaves an output behind. */
  read(input: TableInput, format: FileFormat): Promise<TableAnswer>;
  /** What calls have left in the folder for intermediate results. */
  leftovers(): Promise<readonly string[]>;
}

const rowsShown = 10;

export async function openTables(): Promise<Tables> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryDirectory());
  const work = join(folder, "work");
  await mkdir(work);
  const tabular = openTabular({
    processes: 2,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 30_000,
    temporaryDirectory: work,
  });
  stack.defer(() => tabular.close());
  const owned = stack.move();
  let files = 0;
  return {
    tabular,
    async read({ content, columns, csv }, format) {
      const path = join(folder, `input-${files++}`);
      const output = `${path}.parquet`;
      await writeFile(path, content);
      try {
        await tabular.toParquet({ files: [{ path, format }], columns, csv, output, limits: tableLimits });
        return { rows: await tabular.readRows({ path: output, limit: rowsShown }) };
      } catch (error) {
        if (!(error instanceof TabularError)) throw error;
        if (await exists(folder, output))
          throw new Error("A refused table has left an output.", { cause: error });
        return {
          refused: error.code,
          ...(error.details.row === undefined ? {} : { line: error.details.row }),
        };
      }
    },
    leftovers: () => readdir(work),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function exists(folder: string, path: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => join(folder, name) === path);
}
