import { RolloutCompletedV1, services } from "@cascade/contracts";
import { expect, test } from "vitest";
import { causationTree } from "./causation-tree.ts";
import { generateRows } from "./generated-data.ts";
import { openStory } from "./story.ts";

test("data that land become a serving model, with a process per service and two replicas of each", async () => {
  const replicas = Object.fromEntries(services.map((name) => [name, 2]));
  await using story = await openStory({ processes: true, replicas });
  await story.apply({ pipeline: "shots" });
  const cascade = await story.arrive("shots", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  const completed = await story.expect(RolloutCompletedV1, undefined, 120_000);

  expect(completed.data.replicas.toSorted()).toEqual(["serving-1", "serving-2"]);
  expect(causationTree(story.seen, cascade)).toMatchInlineSnapshot();

  const answers = await story.ask(
    "shots",
    generateRows({ rows: 5, seed: 2, from: "2026-02-01T00:00:00.000Z" }),
  );
  expect(answers.map(({ version }) => version)).toEqual([1, 1, 1, 1, 1]);
});
