import type { Column, CsvOptions, InputFile } from "../types.ts";
import { type AllowedTypes, narrow, sampleTypes, typesOf } from "./column-types.ts";
import { type Access, withDatabase } from "./database.ts";
import { decideColumns, toldColumns, undeclaredIn } from "./decide-columns.ts";
import { makeReadable } from "./make-readable.ts";
import { checkFiles, openSource, readOrExplain } from "./source.ts";
import type { Source } from "./source-types.ts";

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
    const allowed: AllowedTypes[] = [];
    for (const source of undeclaredIn(sources, []))
      allowed.push(await narrow(database, source, await sampleTypes(database, source)));
    const columns = toldColumns(decideColumns([], typesOf(allowed, [])));
    let rowCount = 0;
    for (const source of sources) {
      rowCount += await readOrExplain(database, source, () =>
        database.number(`SELECT count(*) FROM ${source.relation}`),
      );
    }
    return { columns, rowCount };
  });
}
