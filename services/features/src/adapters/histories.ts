import type { Tx } from "@cascade/postgres";
import { definitionDigest } from "../domain/definition.ts";
import type { ViewHistory } from "../domain/lookups.ts";
import type { View } from "../domain/view.ts";
import { listBatches } from "./batches.ts";
import { findPipeline } from "./pipelines.ts";

/** The views of a pipeline that remember, and those that others share and it joins, with all accepted batches. */
export async function listHistories(
  tx: Tx,
  pipeline: string,
  view: View,
  /** The views of another pipeline as they are about to be kept. */
  newer?: { readonly pipeline: string; readonly view: View },
): Promise<ViewHistory[]> {
  const wanted = view.definitions.map((definition) => ({ pipeline, definition }));
  for (const join of view.joins) {
    if (join.pipeline === null || join.pipeline === pipeline) continue;
    const owner = newer?.pipeline === join.pipeline ? newer : await findPipeline(tx, join.pipeline);
    const definition = owner?.view.definitions.find(({ name, shared }) => shared && name === join.view);
    const isNew = !wanted.some((one) => one.pipeline === join.pipeline && one.definition.name === join.view);
    if (definition !== undefined && isNew) wanted.push({ pipeline: join.pipeline, definition });
  }
  const histories: ViewHistory[] = [];
  for (const { pipeline: owner, definition } of wanted) {
    const digest = definitionDigest(definition);
    histories.push({ pipeline: owner, definition, digest, batches: await listBatches(tx, owner, digest) });
  }
  return histories;
}
