import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnType } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { Deps } from "../deps.ts";
import type { FoundPartitions } from "../domain/batch.ts";
import { historyColumns, isHistory, valueColumns } from "../domain/definition.ts";
import { type ViewHistory, valueTypes } from "../domain/lookups.ts";
import { checkExpressions } from "./check-features.ts";
import { computePartitions } from "./compute-partitions.ts";

/** A history in files, with the types of what it holds. */
export interface ComputedHistory extends FoundPartitions {
  readonly files: readonly string[];
  readonly expressions: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Computes what is missing of the histories, each in a folder of its own. */
export async function computeHistories(
  histories: readonly ViewHistory[],
  folder: string,
  deps: Deps,
  context: JobContext,
): Promise<Map<ViewHistory, ComputedHistory>> {
  const computed = new Map<ViewHistory, ComputedHistory>();
  for (const [index, history] of histories.entries()) {
    const { pipeline, definition, digest, batches } = history;
    const expressions = await checkExpressions(deps, definition, valueColumns(definition), context.signal);
    const types = valueTypes(definition, expressions);
    const own = join(folder, `history-${index}`);
    await mkdir(own);
    const wanted = {
      batches,
      declared: definition.columns,
      columns: historyColumns(definition),
      where: isHistory(definition),
    };
    const { inputs: files, partitions, failed } = await computePartitions(wanted, own, deps, context);
    computed.set(history, { pipeline, digest, batches, partitions, failed, files, expressions, types });
  }
  return computed;
}
