import type { Tx } from "@cascade/postgres";
import type { Build } from "../domain/build.ts";
import type { View } from "../domain/view.ts";
import { listBatches } from "./batches.ts";
import { listHistories } from "./histories.ts";
import { findPipeline } from "./pipelines.ts";

/** A pipeline that joins views of another one, and what its training set would be built from now. */
export interface Joiner {
  readonly pipeline: string;
  readonly views: readonly string[];
  readonly build: Build;
}

/** Who joins views of a pipeline whose views are about to be those of `view`. */
export async function listJoiners(tx: Tx, owner: string, view: View): Promise<Joiner[]> {
  const { rows } = await tx.query<{ pipeline: string; views: string[] }>(
    `select p.pipeline, array_agg(distinct j ->> 'view') as views
     from pipelines p cross join lateral jsonb_array_elements(p.view -> 'joins') j
     where j ->> 'pipeline' = $1 and p.pipeline <> $1 group by p.pipeline order by p.pipeline`,
    [owner],
  );
  const joiners: Joiner[] = [];
  for (const { pipeline, views } of rows) {
    const known = await findPipeline(tx, pipeline);
    if (known === undefined) continue;
    const build: Build = {
      joiner: pipeline,
      pipelineVersion: known.version,
      view: known.view,
      viewDigest: known.viewDigest,
      newVersion: null,
      newRows: 0,
      batches: await listBatches(tx, pipeline, known.viewDigest),
      histories: await listHistories(tx, pipeline, known.view, { pipeline: owner, view }),
    };
    joiners.push({ pipeline, views, build });
  }
  return joiners;
}
