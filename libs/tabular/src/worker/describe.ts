import type { Column, CsvOptions, InputFile } from "../types.ts";
import { type Access, withDatabase } from "./database.ts";
import { checkFiles, openSource, readOrExplain, type Source } from "./source.ts";
import { decideColumns } from "./to-parquet.ts";

export type DescribeArguments = {
  readonly access: Access;
  readonly files: readonly InputFile[];
  readonly csv?: CsvOptions | undefined;
};
export type Description = { readonly columns: readonly Column[]; readonly rowCount: number };

export async function describe({ access, files, csv = {} }: DescribeArguments): Promise<Description> {
  await checkFiles(files, Number.POSITIVE_INFINITY);
  return withDatabase(access, async (database) => {
    const sources: Source[] = [];
    for (const file of files) sources.push(await openSource(database, file, csv, Number.POSITIVE_INFINITY));
    const columns = await decideColumns(database, sources, []);
    let rowCount = 0;
    for (const { file, relation } of sources) {
      rowCount += await readOrExplain(file, () => database.number(`SELECT count(*) FROM ${relation}`));
    }
    return { columns, rowCount };
  });
}
