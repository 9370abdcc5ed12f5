import { type ColumnDrift, compareSketches } from "../compare-sketches.ts";
import type { TableSketch } from "../sketch-types.ts";
import { type Access, withDatabase } from "./database.ts";
import { countWindow } from "./sketch/count-window.ts";
import { openTable } from "./source.ts";

export type DriftArguments = {
  readonly access: Access;
  readonly path: string;
  readonly reference: TableSketch;
};

/** How far the columns of a window have moved from a reference of which only the sketch is kept. */
export async function drift({ access, path, reference }: DriftArguments): Promise<ColumnDrift[]> {
  return withDatabase(access, async (database) => {
    const { columns } = await openTable(database, [path]);
    return compareSketches(reference, await countWindow(database, path, columns, reference));
  });
}
