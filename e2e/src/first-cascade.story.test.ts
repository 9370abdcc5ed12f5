import {
  DatasetIngestedV1,
  DatasetValidatedV1,
  DeadLetterRecordedV1,
  FeatureViewMaterializedV1,
  ReplicaReadyV1,
  RolloutCompletedV1,
  services,
} from "@cascade/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { causationTree } from "./causation-tree.ts";
import { generateRows } from "./generated-data.ts";
import { loggedPredictions, restartInTurn } from "./restart-in-turn.ts";
import { openStory, type Story } from "./story.ts";

let story: Story;
beforeAll(async () => {
  const replicas = Object.fromEntries(services.map((name) => [name, 2]));
  story = await openStory({ processes: true, replicas });
});
afterAll(() => story[Symbol.asyncDispose]());

test("data that land become a serving model, with a process per service and two replicas of each", async () => {
  // Serving has to look up what features knows of a colour: with two of each, and with the rights that they have.
  const features = "entity: [colour]\n  aggregates: { shots_1h: { function: count, over: 1h } }";
  await story.apply({ pipeline: "shots", features });
  const cascade = await story.arrive("shots", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1, undefined, 120_000);
  const { data } = await story.expect(
    FeatureViewMaterializedV1,
    ({ correlationId }) => correlationId === cascade,
  );
  expect(data.trainingSet.lookups).toMatchObject([{ view: "shots", columns: [{ name: "shots_1h" }] }]);
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

test("every replica is restarted under load: no request fails, and no event is lost or doubled", async () => {
  const arrivals: string[] = [];
  const { answered, failed } = await restartInTurn(story, "shots", async () => {
    const part = { rows: 200, seed: 100 + arrivals.length, from: "2026-03-01T00:00:00.000Z" };
    arrivals.push(await story.arrive("shots", part));
  });
  expect(failed).toEqual([]);
  expect(answered.length).toBeGreaterThan(100);
  expect(arrivals.length).toBeGreaterThan(2);

  for (const definition of [DatasetIngestedV1, DatasetValidatedV1, FeatureViewMaterializedV1]) {
    for (const arrival of arrivals) {
      await story.expect(definition, ({ correlationId }) => correlationId === arrival);
    }
    const cascades = story.ofType(definition).map(({ envelope }) => envelope.correlationid);
    expect(cascades.filter((id) => arrivals.includes(id ?? "")).sort()).toEqual(arrivals.toSorted());
  }
  const logged = await loggedPredictions(story, answered);
  expect(new Set(logged).size).toBe(logged.length);
  expect(story.ofType(DeadLetterRecordedV1)).toEqual([]);
});
