import type { Column, CsvOptions, InputFile } from "../types.ts";
import { type Access, withDatabase } from "./database.ts";
import { makeReadable } from "./make-readable.ts";
import { checkFiles, openSource, readOrExplain } from "./source.ts";
import type { Source } from "./source-types.ts";
import { decideColumns } from "./to-parquet.ts";

export type DescribeArguments = {
  readonly access: Access;
  readonly files: readonly InputFile[];
  readonly csv?: CsvOptions | undefined;
};
export type Description = { readonly columns: readonly Column[]; readonly rowCount: number };

export async function describe({ access, files, csv = {} }: DescribeArguments): Promise<Description> {
  await checkFiles(files, Number.POSITIVE_INFINITY);
  const readable = await makeReadable(files, csv, access);
  return withDatabase(readable.access, async (database) => {
    const sources: Source[] = [];
    for (const file of readable.files)
      sources.push(await openSource(database, file, csv, [], Number.POSITIVE_INFINITY));
    const columns = await decideColumns(database, sources, []);
    let rowCount = 0;
    for (const source of sources) {
      rowCount += await readOrExplain(database, source, () =>
        database.number(`SELECT count(*) FROM ${source.relation}`),
      );
    }
    return { columns, rowCount };
  });
}
