import type { Profile } from "../profile-types.ts";
import { type Access, withDatabase } from "./database.ts";
import { describeColumn } from "./sketch/describe-column.ts";
import { sketchTable } from "./sketch/sketch-table.ts";
import { openTable } from "./source.ts";

export type ProfileArguments = { readonly access: Access; readonly path: string };

/** Says what a table holds, from one scan of it. */
export async function profile({ access, path }: ProfileArguments): Promise<Profile> {
  return withDatabase(access, async (database) => {
    const { columns } = await openTable(database, [path]);
    const sketch = await sketchTable(database, path, columns);
    return { rowCount: sketch.rowCount, columns: sketch.columns.map(describeColumn) };
  });
}
