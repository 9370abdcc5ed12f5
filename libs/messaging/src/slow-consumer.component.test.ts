import { DatasetIngestedV1, DatasetRejectedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { reaction } from "./reaction.ts";
import { effectsReaction, ingested, openWorld, rejected } from "./testing/world-for-test.ts";

test("a consumer that is slow holds up nobody else, and handles everything in the end", async () => {
  await using world = await openWorld();
  const release = Promise.withResolvers<void>();
  let gathered = 0;
  const slow = reaction({
    name: "reject-slowly-on-dataset-ingested",
    on: DatasetIngestedV1,
    emits: [DatasetRejectedV1],
    gather: async () => {
      gathered += 1;
      await release.promise;
      return {};
    },
    decide: ({ pipeline }) => ({ events: [rejected(pipeline, "slowly")] }),
  });
  await world.start({ reactions: [effectsReaction, slow] });
  const ids = [await world.send(ingested("flights"))];
  await eventually(() => gathered === 1, { describe: "the slow reaction to begin" });
  // Each of these is an effect of the fast one, while the slow one is held up.
  for (let effects = 2; effects <= 12; effects++) {
    ids.push(await world.send(ingested("flights")));
    await world.awaitEffects(effects);
  }
  release.resolve();
  const told = await eventually(
    async () => {
      const events = await world.published(DatasetRejectedV1.type);
      return events.length >= 2 * ids.length && events;
    },
    { describe: "both reactions to have answered every event" },
  );
  const slowly = told.filter(({ data }) => (data as { datasetVersion: string }).datasetVersion === "slowly");
  expect(slowly.map(({ envelope }) => envelope.causationid).toSorted()).toEqual(ids.toSorted());
  expect(told).toHaveLength(2 * ids.length);
});
