import type { Transaction } from "@cascade/postgres";
import type { Alert } from "../domain/alerts.ts";
import { planBatch } from "./feedback.ts";
import { markMeasured } from "./labels.ts";
import { saveAlert } from "./pipelines.ts";
import { insertClosedWindows } from "./windows.ts";

/** What a decision over labels leaves to be written, after the labels themselves. */
export interface LabelRecord {
  readonly measured: readonly { readonly windowId: string; readonly version: number }[];
  readonly alert: Alert | undefined;
  readonly batch: { readonly batchId: string } | undefined;
}

export async function recordLabelOutcome(
  tx: Transaction,
  pipeline: string,
  { measured, alert, batch }: LabelRecord,
  { now, rowsMax }: { now: Date; rowsMax: number },
): Promise<void> {
  if (measured.length > 0) {
    await markMeasured(
      tx,
      pipeline,
      measured.map(({ version }) => version),
    );
    insertClosedWindows(tx, pipeline, "quality", measured, now);
    saveAlert(tx, pipeline, "quality", alert, now);
  }
  if (batch !== undefined) planBatch(tx, pipeline, { ...batch, rowsMax, now });
}
