import { ReplicaReadyV1, RolloutCompletedV1, services } from "@cascade/contracts";
import { expect, test } from "vitest";
import { causationTree } from "./causation-tree.ts";
import { generateRows } from "./generated-data.ts";
import { openStory } from "./story.ts";

test("data that land become a serving model, with a process per service and two replicas of each", async () => {
  const replicas = Object.fromEntries(services.map((name) => [name, 2]));
  await using story = await openStory({ processes: true, replicas });
  await story.apply({ pipeline: "shots" });
  const cascade = await story.arrive("shots", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1, undefined, 120_000);
  for (const replica of ["serving-1", "serving-2"]) {
    await story.expect(ReplicaReadyV1, ({ data }) => data.replica === replica);
  }

  expect(causationTree(story.seen, cascade)).toMatchInlineSnapshot(`
    "data.arrived.v2
      dataset.ingested.v1 (ingestion)
        dataset.validated.v1 (validation)
          feature-view.materialized.v1 (features)
            training-run.completed.v1 (training)
              evaluation.passed.v1 (evaluation)
                model-version.promoted.v1 (registry)
                  rollout.started.v1 (deployment)
                  traffic.assigned.v1 (deployment)
                    replica.ready.v1 (serving)
                    replica.ready.v1 (serving)
                      rollout.completed.v1 (deployment)
                model-version.registered.v1 (registry)
            training-run.requested.v1 (training)
            training-run.started.v1 (training)"
  `);

  const answers = await story.ask(
    "shots",
    generateRows({ rows: 5, seed: 2, from: "2026-02-01T00:00:00.000Z" }),
  );
  expect(answers.map(({ version }) => version)).toEqual([1, 1, 1, 1, 1]);
});
