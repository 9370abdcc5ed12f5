import { RolloutCompletedV1, TrainingRunCompletedV1, TrainingRunStartedV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { openStory } from "./story.ts";

test("a service that is killed in the middle of its work is only a delay", async () => {
  await using story = await openStory({
    processes: true,
    environment: { CASCADE_JOB_LEASE_MS: "2000" },
  });
  await story.apply({ pipeline: "shots" });
  await story.arrive("shots", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(TrainingRunStartedV1);
  const training = story.stack.services().find(({ name }) => name === "training");
  await training?.kill();
  await story.stack.add("training");

  const { data } = await story.expect(RolloutCompletedV1, undefined, 120_000);
  expect(data.version).toBe(1);
  expect(story.ofType(TrainingRunCompletedV1)).toHaveLength(1);
  expect(story.ofType(RolloutCompletedV1)).toHaveLength(1);
});
