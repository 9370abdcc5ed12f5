import { ArtifactRef, type OnlineRow, onlineRowBytesMax } from "@cascade/contracts";
import type { JsonRow } from "@cascade/tabular";
import { z } from "zod";
import type { FoundPartitions } from "./batch.ts";
import { Definition } from "./definition.ts";
import type { ViewHistory } from "./lookups.ts";

/** The online rows of a view that are to be renewed. */
export const OnlineBuild = z.object({
  definition: Definition,
  digest: z.string(),
  /** The history of every batch, in the order of the batches. */
  partitions: z.array(z.object({ datasetVersion: z.string(), rows: ArtifactRef })),
  /** The batch that is new: only its entities have changed. Null where all may have. */
  newVersion: z.string().nullable(),
  position: z.int(),
});
export type OnlineBuild = z.infer<typeof OnlineBuild>;

/** What there is to do once the histories of a pipeline's own views are computed. */
export function onlineBuilds(
  pipeline: string,
  histories: readonly ViewHistory[],
  found: readonly FoundPartitions[],
  { newVersion, position }: Pick<OnlineBuild, "newVersion" | "position">,
): OnlineBuild[] {
  return histories
    .filter((history) => history.pipeline === pipeline)
    .map(({ definition, digest, batches }) => {
      const own = found.find((one) => one.digest === digest && one.pipeline === pipeline);
      const made = new Map(own?.partitions.map(({ datasetVersion, rows }) => [datasetVersion, rows]));
      const partitions = batches.flatMap(({ datasetVersion, partition }) => {
        const rows = partition ?? made.get(datasetVersion);
        return rows === undefined ? [] : [{ datasetVersion, rows }];
      });
      return { definition, digest, partitions, newVersion, position };
    })
    .filter(({ partitions }) => partitions.length > 0);
}

/** The row of one entity from its steps, which are in the order of time. */
export function onlineRowOf(steps: readonly JsonRow[], definition: Definition, position: number): OnlineRow {
  const [first = {}] = steps;
  const valuesOf = (step: JsonRow, names: readonly { readonly name: string }[]) =>
    Object.fromEntries(names.map(({ name }) => [name, scalar(step[name])]));
  return fitting({
    entity: String(first.cascade_key),
    time: String(first.cascade_time),
    position,
    values: valuesOf(first, definition.values),
    steps: steps.map((step) => ({
      after: String(step.cascade_after),
      values: valuesOf(step, definition.aggregates),
    })),
  });
}

function scalar(value: JsonRow[string] | undefined): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** Every other step in between is left out until the row is short enough: what it says is then a little old. */
function fitting(row: OnlineRow): OnlineRow {
  if (row.steps.length <= 2 || Buffer.byteLength(JSON.stringify(row)) <= onlineRowBytesMax) return row;
  const last = row.steps.length - 1;
  return fitting({ ...row, steps: row.steps.filter((_, index) => index % 2 === 0 || index === last) });
}

/** An older event time never replaces a newer one; of equal ones the build that knew more batches counts. */
export function mayReplace(present: OnlineRow | undefined, row: OnlineRow): boolean {
  if (present === undefined) return true;
  const [before, now] = [Date.parse(present.time), Date.parse(row.time)];
  return now === before ? row.position >= present.position : now > before;
}
