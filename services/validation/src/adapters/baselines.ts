import { ArtifactRef } from "@cascade/contracts";
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

/** What the first accepted batch has taught: expectations, and some of its rows to compare distributions with. */
export interface Learned {
  readonly expectations: readonly Expectation[];
  readonly reference: ArtifactRef | undefined;
}

export async function findBaseline(
  tx: Tx,
  pipeline: string,
  demandsDigest: string,
): Promise<Learned | undefined> {
  const { rows } = await tx.query<{ expectations: unknown; reference: unknown }>(
    "select expectations, reference from baselines where pipeline = $1 and demands_digest = $2",
    [pipeline, demandsDigest],
  );
  if (rows[0] === undefined) return undefined;
  return {
    expectations: StoredExpectations.parse(rows[0].expectations),
    reference: ArtifactRef.nullable().parse(rows[0].reference) ?? undefined,
  };
}

export interface Baseline extends Learned {
  readonly demandsDigest: string;
  readonly datasetVersion: string;
  readonly learnedAt: Date;
}

export function insertBaseline(tx: Transaction, pipeline: string, baseline: Baseline): void {
  tx.send(
    `insert into baselines (pipeline, demands_digest, dataset_version, expectations, reference, learned_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      pipeline,
      baseline.demandsDigest,
      baseline.datasetVersion,
      JSON.stringify(baseline.expectations),
      baseline.reference === undefined ? null : JSON.stringify(baseline.reference),
      baseline.learnedAt,
    ],
  );
}
