import type { Tx } from "@cascade/postgres";
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
  tx: Tx,
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
    await insertClosedWindows(tx, pipeline, "quality", measured, now);
    await saveAlert(tx, pipeline, "quality", alert, now);
  }
  if (batch !== undefined) await planBatch(tx, pipeline, { ...batch, rowsMax, now });
}
