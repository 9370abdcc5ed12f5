import type { Transaction, Tx } from "@cascade/postgres";
import type { ArrivedLabel } from "../domain/join-labels.ts";
import type { Label, Output } from "../domain/prediction.ts";
import type { LabelledOutput } from "../domain/truth.ts";
import { jsonRows, storableText } from "./json-rows.ts";

/** Writes labels to their predictions. */
export function joinLabels(tx: Transaction, pipeline: string, labels: readonly ArrivedLabel[]): void {
  if (labels.length === 0) return;
  tx.send(
    `update predictions as p set label = l.label
     from jsonb_to_recordset($2::jsonb) as l ("predictionId" text, label jsonb)
     where p.pipeline = $1 and p.prediction_id = l."predictionId" and p.label is null`,
    [pipeline, jsonRows(labels)],
  );
}

/** Keeps labels whose prediction has not been logged yet. */
export function keepEarlyLabels(tx: Transaction, pipeline: string, labels: readonly ArrivedLabel[]): void {
  if (labels.length === 0) return;
  tx.send(
    `insert into early_labels (pipeline, prediction_id, label)
     select $1, "predictionId", label
     from jsonb_to_recordset($2::jsonb) as l ("predictionId" text, label jsonb)
     on conflict do nothing`,
    [pipeline, jsonRows(labels)],
  );
}

export async function findEarlyLabels(
  tx: Tx,
  pipeline: string,
  ids: readonly string[],
): Promise<Map<string, Label>> {
  const { rows } = await tx.query<{ id: string; label: Label }>(
    `select prediction_id as id, label from early_labels
     where pipeline = $1 and prediction_id = any($2::text[])`,
    [pipeline, ids.map(storableText)],
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
}

export function deleteEarlyLabels(tx: Transaction, pipeline: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send("delete from early_labels where pipeline = $1 and prediction_id = any($2::text[])", [
    pipeline,
    ids.map(storableText),
  ]);
}

export async function countPending(
  tx: Tx,
  pipeline: string,
  versions: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await tx.query<{ version: number; pending: number }>(
    `select version, count(*) as pending from predictions
     where pipeline = $1 and version = any($2::integer[]) and label is not null and not measured
     group by version`,
    [pipeline, versions],
  );
  return new Map(rows.map(({ version, pending }) => [version, pending]));
}

/** By version, what has been labelled and not measured yet, in the order of the predictions. */
export async function findPending(
  tx: Tx,
  pipeline: string,
  versions: readonly number[],
): Promise<Map<number, LabelledOutput[]>> {
  const { rows } = await tx.query<{ version: number; output: Output; label: Label }>(
    `select version, output, label from predictions
     where pipeline = $1 and version = any($2::integer[]) and label is not null and not measured`,
    [pipeline, [...new Set(versions)]],
  );
  return Map.groupBy(rows, ({ version }) => version);
}

export function markMeasured(tx: Transaction, pipeline: string, versions: readonly number[]): void {
  if (versions.length === 0) return;
  tx.send(
    `update predictions set measured = true
     where pipeline = $1 and version = any($2::integer[]) and label is not null and not measured`,
    [pipeline, versions],
  );
}
