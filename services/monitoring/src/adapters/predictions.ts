import type { Transaction, Tx } from "@cascade/postgres";
import type { JoinCandidate } from "../domain/join-labels.ts";
import type { Label, LoggedPrediction } from "../domain/prediction.ts";
import { jsonRows, storableText } from "./json-rows.ts";

export async function findKnownIds(tx: Tx, pipeline: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `select prediction_id as id from predictions
     where pipeline = $1 and prediction_id = any($2::text[])`,
    [pipeline, ids.map(storableText)],
  );
  return new Set(rows.map(({ id }) => id));
}

export type StoredPrediction = LoggedPrediction & { readonly label?: Label };

export function insertPredictions(
  tx: Transaction,
  pipeline: string,
  predictions: readonly StoredPrediction[],
): void {
  tx.send(
    `insert into predictions (pipeline, prediction_id, version, at, features, input, output, label)
     select $1, id, version, at, features, input, output, label
     from jsonb_to_recordset($2::jsonb) as p (id text, version integer, at timestamptz, features jsonb,
       input jsonb, output jsonb, label jsonb)
     on conflict do nothing`,
    [pipeline, jsonRows(predictions)],
  );
}

export async function findPredictions(
  tx: Tx,
  pipeline: string,
  ids: readonly string[],
): Promise<Map<string, JoinCandidate>> {
  const { rows } = await tx.query<JoinCandidate>(
    `select prediction_id as id, version, output, label, input is not null as "hasInput"
     from predictions where pipeline = $1 and prediction_id = any($2::text[])`,
    [pipeline, ids.map(storableText)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
