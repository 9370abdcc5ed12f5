import type { Transaction, Tx } from "@cascade/postgres";

export async function findWatermark(tx: Tx, pipeline: string, source: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ watermark: string }>(
    "select watermark from watermarks where pipeline = $1 and source = $2",
    [pipeline, source],
  );
  return rows[0]?.watermark;
}

export function saveWatermark(tx: Transaction, pipeline: string, source: string, watermark: string): void {
  tx.send(
    `insert into watermarks (pipeline, source, watermark) values ($1, $2, $3)
     on conflict (pipeline, source) do update set watermark = excluded.watermark`,
    [pipeline, source, watermark],
  );
}
