import {
  EvaluationFailedV1,
  ModelVersionPromotedV1,
  RolloutCompletedV1,
  TrainingRunCompletedV1,
} from "@cascade/contracts";
import { expect, test } from "vitest";
import { generateRows } from "./generated-data.ts";
import { openStory } from "./story.ts";

test("a worse candidate is judged on the same holdout and does not replace the champion", async () => {
  await using story = await openStory();
  await story.apply({ pipeline: "shots", window: 3000, gates: "[{ metric: auc, beatsChampionBy: 0 }]" });
  await story.arrive("shots", { rows: 3000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1);

  // The candidate learns from labels that mean nothing; the newest rows, the holdout among them, are true.
  const cascade = await story.arrive(
    "shots",
    { rows: 2100, seed: 5, from: "2026-02-01T00:00:00.000Z", randomLabels: true },
    { rows: 900, seed: 6, from: "2026-03-01T00:00:00.000Z" },
  );
  const failed = await story.expect(EvaluationFailedV1, ({ correlationId }) => correlationId === cascade);
  expect(failed.data.champion?.version).toBe(1);
  expect(failed.data.gates.find(({ passed }) => !passed)?.gate).toMatch(/champion/i);
  expect(story.ofType(TrainingRunCompletedV1)).toHaveLength(2);
  expect(story.ofType(ModelVersionPromotedV1)).toHaveLength(1);

  const answers = await story.ask(
    "shots",
    generateRows({ rows: 3, seed: 6, from: "2026-03-01T00:00:00.000Z" }),
  );
  expect(answers.map(({ version }) => version)).toEqual([1, 1, 1]);
});
