import type { Profile } from "../profile-types.ts";
import type { TableSketch } from "../sketch-types.ts";
import { type Access, withDatabase } from "./database.ts";
import { describeColumn } from "./sketch/describe-column.ts";
import { extendSketch } from "./sketch/extend-sketch.ts";
import { sketchTable } from "./sketch/sketch-table.ts";
import { openTable } from "./source.ts";

export type ProfileArguments = { readonly access: Access; readonly path: string };
export type SketchArguments = ProfileArguments & {
  /** The sketch of the table's first rows, exactly those: nothing here can tell whether they have changed. */
  readonly known?: TableSketch | undefined;
};
export type Sketched = { readonly profile: Profile; readonly sketch: TableSketch };

/** Says what a table holds, from one scan of it. */
export async function profile(args: ProfileArguments): Promise<Profile> {
  return (await sketch(args)).profile;
}

/** The same, with what is needed to add rows or to compare other tables. */
export async function sketch({ access, path, known }: SketchArguments): Promise<Sketched> {
  return withDatabase(access, async (database) => {
    const { columns } = await openTable(database, [path]);
    const sketch = known
      ? await extendSketch(database, path, columns, known)
      : await sketchTable(database, path, columns);
    const { rowCount } = sketch;
    return { sketch, profile: { rowCount, columns: sketch.columns.map(describeColumn) } };
  });
}
