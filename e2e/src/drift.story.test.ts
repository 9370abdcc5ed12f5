import {
  DriftDetectedV1,
  FeedbackCollectedV1,
  RolloutCompletedV1,
  TrainingRunRequestedV1,
  WindowClosedV1,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { generateRows } from "./generated-data.ts";
import { openStory } from "./story.ts";

test("quiet traffic leads to nothing; traffic that drifts leads to a better version by itself", async () => {
  await using story = await openStory();
  await story.apply({
    pipeline: "shots",
    window: 5000,
    triggers: "{ newData: { minRows: 3000 }, drift: { minNewRows: 2000 }, cooldownSeconds: 0 }",
    monitoring: "{ window: { predictions: 1000 }, drift: { threshold: 0.25 }, feedback: { minRows: 2500 } }",
  });
  const first = await story.arrive("shots", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1);

  const quiet = generateRows({ rows: 3000, seed: 7, from: "2026-02-01T00:00:00.000Z" });
  await story.ask("shots", quiet);
  await eventually(() => story.ofType(WindowClosedV1).length >= 3, { describe: "three closed windows" });
  expect(story.ofType(DriftDetectedV1)).toEqual([]);

  const shifted = generateRows({ rows: 3000, seed: 8, from: "2026-03-01T00:00:00.000Z", shift: 3 });
  const answers = await story.ask("shots", shifted);
  const drift = await story.expect(DriftDetectedV1);
  expect(drift.data.columns.filter(({ drifted }) => drifted).map(({ column }) => column)).toContain(
    "strength",
  );
  expect(drift.data.columns.filter(({ column }) => column === "noise").every(({ drifted }) => !drifted)).toBe(
    true,
  );
  // A cascade of its own, so that traces stay finite, linked to the one that produced the model.
  expect(drift.correlationId).toBe(drift.id);
  expect(drift.linkedTo).toBe(first);

  await story.label("shots", answers, shifted);
  await story.expect(FeedbackCollectedV1);
  const requested = await story.expect(TrainingRunRequestedV1, ({ data }) => data.trigger.kind === "drift");
  expect(story.ofType(DriftDetectedV1).map(({ envelope }) => envelope.id)).toContain(
    requested.data.trigger.eventId,
  );
  await story.expect(RolloutCompletedV1, ({ data }) => data.version === 2);
  const [answer] = await story.ask("shots", shifted.slice(0, 1));
  expect(answer?.version).toBe(2);
});
