import { join } from "node:path";
import { type ArtifactRef, mediaTypes } from "@cascade/contracts";
import type { Deps } from "../deps.ts";
import { identityColumn, keyColumn, splitColumns, timeColumn } from "../domain/partition-columns.ts";
import type { View } from "../domain/view.ts";
import { viewProblems } from "../errors.ts";

const parts = ["train", "validation", "holdout"] as const;
type Part = (typeof parts)[number];

export interface SplitRows extends Readonly<Record<Part, ArtifactRef>> {
  readonly rowCounts: Record<Part, number>;
  /** The newest event time; null where rows have none. */
  readonly newestTime: string | null;
  /** Rows that newer ones with the same key have taken the place of. */
  readonly rowsReplaced: number;
}

/** Splits the rows of all partitions, and stores each part with nothing but the columns to train on. */
export async function splitRows(
  view: View,
  columns: readonly string[],
  inputs: readonly string[],
  folder: string,
  { store, tabular }: Deps,
  signal: AbortSignal,
): Promise<SplitRows> {
  const outputs = {
    train: join(folder, "train.parquet"),
    validation: join(folder, "validation.parquet"),
    holdout: join(folder, "holdout.parquet"),
  };
  const isTimed = (view.splitBy ?? (view.eventTime === null ? "random" : "time")) === "time";
  const { rows, times, rowsReplaced } = await tabular.split(
    {
      inputs,
      eventTime: view.eventTime === null ? null : timeColumn,
      key: view.key.length > 0 && (view.keysApart || !isTimed) ? keyColumn : undefined,
      identity: view.identity.length > 0 ? identityColumn : undefined,
      by: isTimed ? "time" : "random",
      fractions: view.split,
      window: {
        rows: view.windowRows ?? undefined,
        durationMs: view.windowMs ?? undefined,
        halfLifeMs: view.halfLifeMs ?? undefined,
      },
      seed: view.seed,
      outputs,
    },
    { signal },
  );
  for (const part of parts) if (rows[part] === 0) throw viewProblems.tooFewRows(part);

  const helps = splitColumns(view).length > 0;
  const put = async (part: Part) => {
    const path = helps ? await strip(outputs[part]) : outputs[part];
    return store.putFile(path, mediaTypes.parquet, { signal });
  };
  const strip = async (path: string) => {
    const output = path.replace(/\.parquet$/u, "-only.parquet");
    await tabular.select({ inputs: [path], columns: [], keep: columns, output }, { signal });
    return output;
  };
  const [train, validation, holdout] = await Promise.all([put("train"), put("validation"), put("holdout")]);
  const ends = parts.flatMap((part) => times[part]?.to ?? []).map(String);
  const newestTime = ends.toSorted().at(-1) ?? null;
  return { train, validation, holdout, rowCounts: { ...rows }, newestTime, rowsReplaced };
}
