import type { Transaction, Tx } from "@cascade/postgres";
import type { Expectation } from "@cascade/tabular";
import { z } from "zod";

// Only these kinds are learned.
const StoredExpectations: z.ZodType<Expectation[]> = z.array(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("not-null"), column: z.string(), maxNullShare: z.number() }),
    z.object({
      kind: z.literal("allowed-values"),
      column: z.string(),
      values: z.array(z.union([z.string(), z.number(), z.boolean()])),
    }),
    z.object({ kind: z.literal("range"), column: z.string(), min: z.number(), max: z.number() }),
    z.object({ kind: z.literal("row-count"), min: z.number() }),
  ]),
);

export async function findBaseline(
  tx: Tx,
  pipeline: string,
  demandsDigest: string,
): Promise<Expectation[] | undefined> {
  const { rows } = await tx.query<{ expectations: unknown }>(
    "select expectations from baselines where pipeline = $1 and demands_digest = $2",
    [pipeline, demandsDigest],
  );
  return rows[0] === undefined ? undefined : StoredExpectations.parse(rows[0].expectations);
}

export interface Baseline {
  readonly demandsDigest: string;
  readonly datasetVersion: string;
  readonly expectations: readonly Expectation[];
  readonly learnedAt: Date;
}

export function insertBaseline(tx: Transaction, pipeline: string, baseline: Baseline): void {
  tx.send(
    `insert into baselines (pipeline, demands_digest, dataset_version, expectations, learned_at)
     values ($1, $2, $3, $4, $5)`,
    [
      pipeline,
      baseline.demandsDigest,
      baseline.datasetVersion,
      JSON.stringify(baseline.expectations),
      baseline.learnedAt,
    ],
  );
}
