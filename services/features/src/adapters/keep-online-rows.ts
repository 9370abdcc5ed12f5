import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { JsonRow } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { aggregatedName, valueColumns } from "../domain/definition.ts";
import { type OnlineBuild, onlineRowOf } from "../domain/online-row.ts";
import { checkExpressions } from "./check-features.ts";
import { historyOf } from "./look-up-past.ts";
import { findOnlineView, writeOnlineRow, writeOnlineView } from "./online-rows.ts";

export interface KeptOnlineRows {
  readonly written: number;
  /** Entities of which the bucket knew something newer. */
  readonly passed: number;
  /** The newest event time of the entities that were looked at. */
  readonly newestTime: string | null;
}

const pageRows = 5000;

/** Brings what is known of the entities of a view into the bucket. */
export async function keepOnlineRows(
  { definition, digest, partitions, newVersion, position }: OnlineBuild,
  { bucket, online, store, tabular, workDirectory }: Deps,
  { pipeline, signal, progress }: JobContext,
): Promise<KeptOnlineRows> {
  const version = { pipeline, view: definition.name, viewDigest: digest };
  await bucket.ensure();
  const held = await findOnlineView(bucket, version);
  await using folder = await openWorkingFolder(workDirectory);
  const kept = join(folder.path, "partitions");
  await mkdir(kept);
  const files: string[] = [];
  let changed: string | undefined;
  for (const { datasetVersion, rows } of partitions) {
    const file = await store.fetchToFile(rows, kept, { signal });
    files.push(file);
    if (held !== undefined && datasetVersion === newVersion) changed = file;
  }
  const expressions = await checkExpressions({ tabular }, definition, valueColumns(definition), signal);
  const output = join(folder.path, "entities.parquet");
  const { rowCount } = await tabular.entityRows(
    {
      history: historyOf({ definition }, { files, expressions }),
      changed,
      columns: definition.values.map(({ name }) => name),
      aggregates: definition.aggregates.map(({ name, of, ...aggregate }) => ({
        ...aggregate,
        name,
        of: of === null ? undefined : aggregatedName(name),
      })),
      stepsMax: online.stepsMax,
      output,
    },
    { signal },
  );
  let [written, passed] = [0, 0];
  let newestTime: string | null = null;
  const write = async (steps: readonly JsonRow[]) => {
    const row = onlineRowOf(steps, definition, position);
    if (newestTime === null || row.time > newestTime) newestTime = row.time;
    if (await writeOnlineRow(bucket, version, row)) written += 1;
    else passed += 1;
  };
  let rest: readonly JsonRow[] = [];
  for (let offset = 0; offset < rowCount; offset += pageRows) {
    signal.throwIfAborted();
    progress({ message: `online rows of ${definition.name}`, share: offset / rowCount });
    const page = await tabular.readRows({ path: output, limit: pageRows, offset }, { signal });
    const groups = groupsOf([...rest, ...page]);
    // The last one may go on in the next page.
    rest = offset + pageRows < rowCount ? (groups.pop() ?? []) : [];
    for (let index = 0; index < groups.length; index += online.writesMax) {
      await Promise.all(groups.slice(index, index + online.writesMax).map(write));
    }
  }
  await writeOnlineView(bucket, version, { time: newestTime, position });
  // No event says that they are there: who follows would wait for one.
  progress({ message: `online rows of ${definition.name}`, share: 1 });
  return { written, passed, newestTime };
}

/** The rows of each entity, which follow each other. */
function groupsOf(rows: readonly JsonRow[]): JsonRow[][] {
  return [...Map.groupBy(rows, (row) => row.cascade_key).values()];
}
