import type { Transaction } from "@cascade/postgres";

export interface Tally {
  readonly predictions: number;
  readonly dropped: number;
  readonly labelsJoined: number;
  readonly labelsEarly: number;
  readonly labelsRepeated: number;
  readonly labelsConflicting: number;
}

export function addTally(tx: Transaction, pipeline: string, tally: Partial<Tally>): void {
  tx.send(
    `insert into tallies as t (pipeline, predictions, dropped, labels_joined, labels_early, labels_repeated,
       labels_conflicting)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (pipeline) do update set predictions = t.predictions + excluded.predictions,
       dropped = t.dropped + excluded.dropped, labels_joined = t.labels_joined + excluded.labels_joined,
       labels_early = t.labels_early + excluded.labels_early,
       labels_repeated = t.labels_repeated + excluded.labels_repeated,
       labels_conflicting = t.labels_conflicting + excluded.labels_conflicting`,
    [
      pipeline,
      tally.predictions ?? 0,
      tally.dropped ?? 0,
      tally.labelsJoined ?? 0,
      tally.labelsEarly ?? 0,
      tally.labelsRepeated ?? 0,
      tally.labelsConflicting ?? 0,
    ],
  );
}
