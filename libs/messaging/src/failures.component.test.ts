import {
  DatasetIngestedV1,
  DatasetRejectedV1,
  DeadLetterRecordedV1,
  DeadLetterRedrivenV1,
  DeadLetterRedriveRequestedV1,
  redriveReactionName,
  streamOf,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers as createHeaders } from "@nats-io/transport-node";
import { connect } from "nats";
import { expect, test } from "vitest";
import { ignore } from "./decision.ts";
import { Reject } from "./errors.ts";
import { reaction } from "./reaction.ts";
import { MessagingSettings } from "./settings.ts";
import {
  effectsReaction,
  ingested,
  insertEffect,
  openWorld,
  type TestWorld,
} from "./testing/world-for-test.ts";

function failing(fail: (attempt: number, eventId: string) => void) {
  let attempts = 0;
  return reaction({
    name: effectsReaction.name,
    on: DatasetIngestedV1,
    emits: [DatasetRejectedV1],
    gather: async ({ id }) => {
      attempts += 1;
      fail(attempts, id);
      return {};
    },
    decide: ({ id }) => ({ id, events: [] }),
    record: ({ id }, tx) => insertEffect(tx, id),
  });
}

async function consumersOf(world: TestWorld) {
  const manager = await jetstreamManager(world.connection);
  return manager.consumers.list(streamOf(DeadLetterRedriveRequestedV1)).next();
}

async function deadLetters(world: TestWorld, count: number) {
  const events = await eventually(
    async () => {
      const recorded = await world.published(DeadLetterRecordedV1.type);
      return recorded.length >= count && recorded;
    },
    { describe: `${count} dead letter(s)` },
  );
  return events.map(({ data }) => DeadLetterRecordedV1.schema.parse(data));
}

test("an event that fails is tried again until it succeeds", async () => {
  await using world = await openWorld();
  await world.start({
    reactions: [
      failing((attempt) => {
        if (attempt < 3) throw new Error("not yet");
      }),
    ],
  });
  const id = await world.send(ingested("flights"));
  expect(await world.awaitEffects(1)).toEqual([id]);
  expect(await world.published(DeadLetterRecordedV1.type)).toEqual([]);
  expect((await world.database.query("select 1 from inbox_attempts")).rowCount).toBe(0);
});

test("a poison event becomes a dead letter with its bytes, and its neighbours do not notice", async () => {
  await using world = await openWorld();
  let poison = "";
  // The attempts and delays of the product, and not those of the other tests.
  const { attemptsMax, retryBaseMs, retryMaxMs } = MessagingSettings.parse({});
  await world.start({
    settings: { attemptsMax, retryBaseMs, retryMaxMs },
    reactions: [
      failing((_, id) => {
        if (id === poison) throw new TypeError("cannot read this one");
      }),
    ],
  });
  const event = ingested("flights");
  poison = "poison-1";
  const ids = [await world.send(ingested("flights"))];
  await world.send(event, { id: poison });
  ids.push(await world.send(ingested("flights")));
  expect(await world.awaitEffects(2)).toEqual(ids.sort());
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({
    service: "validation",
    handler: effectsReaction.name,
    reason: "attempts-exhausted",
    attempts: attemptsMax,
    error: { name: "TypeError", message: "cannot read this one" },
    event: { id: poison, type: DatasetIngestedV1.type, payload: JSON.stringify(event.data) },
  });
});

test("an error that no database can keep as it is settles its event all the same", async () => {
  await using world = await openWorld();
  // Cut to its first 4000 characters, the message ends in half of the last one.
  const message = `\0${"x".repeat(3998)}\u{1f4a5}`;
  await world.start({
    reactions: [
      failing(() => {
        throw new Error(message);
      }),
    ],
  });
  await world.send(ingested("flights"));
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({ reason: "attempts-exhausted", attempts: 3 });
  expect(letter?.error.message).toBe(`\u001a${"x".repeat(3998)}\ufffd`);
});

test("a redriven dead letter has its effect once, however often it is asked for", async () => {
  await using world = await openWorld();
  let broken = true;
  await world.start({
    reactions: [
      failing(() => {
        if (broken) throw new Reject("BROKEN", "the code is wrong");
      }),
    ],
  });
  const id = await world.send(ingested("flights"));
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({ reason: "rejected", attempts: 1, error: { code: "BROKEN" } });

  const request = DeadLetterRedriveRequestedV1.create("flights", {
    deadLetterId: letter?.deadLetterId ?? "",
    service: "validation",
    by: "ada",
  });
  await world.send(request, { source: "urn:test" });
  await deadLetters(world, 2);
  expect(await world.effects()).toEqual([]);

  broken = false;
  for (let again = 0; again < 3; again++) await world.send(request, { source: "urn:test" });
  expect(await world.awaitEffects(1)).toEqual([id]);
  await eventually(async () => (await world.published(DeadLetterRedrivenV1.type)).length === 1, {
    describe: "the event that says so",
  });
  const marker = await world.send(ingested("flights"));
  await eventually(async () => (await world.effects()).includes(marker), { describe: "a later event" });
  expect(await world.effects()).toEqual([id, marker].sort());
});

test("bytes that are no CloudEvent become a dead letter", async () => {
  await using world = await openWorld();
  await world.start();
  await jetstream(world.connection).publish(`${DatasetIngestedV1.type}.flights`, "{ this is no JSON");
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({ reason: "undecodable", event: { payload: "{ this is no JSON" } });
});

test("bytes that are no text are told of as they are, with the headers they came with", async () => {
  await using world = await openWorld();
  await world.start();
  const bytes = Buffer.from([0x80, 0x00, 0xff, 0x7b]);
  const headers = createHeaders();
  headers.set("ce-specversion", "0.9");
  await jetstream(world.connection).publish(`${DatasetIngestedV1.type}.flights`, bytes, { headers });
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({
    reason: "undecodable",
    event: { payloadBytes: 4, headersTruncated: false },
  });
  expect(Buffer.from(letter?.event.payloadBase64 ?? "", "base64")).toEqual(bytes);
  expect(letter?.event.headers).toContainEqual({ name: "ce-specversion", value: "0.9" });
});

test("data that break the contract, and a sender that is not the owner, are refused at once", async () => {
  await using world = await openWorld();
  await world.start();
  const good = ingested("flights");
  await world.send({ ...good, data: { datasetVersion: 7 } });
  await world.send(good, { source: "/services/monitoring" });
  await world.send(good, { source: "urn:somebody" });
  const letters = await deadLetters(world, 3);
  expect(letters.map(({ error }) => error.code).sort()).toEqual([
    "EVENT_INVALID",
    "EVENT_SOURCE_FORGED",
    "EVENT_SOURCE_FORGED",
  ]);
  expect(await world.effects()).toEqual([]);
});

test("an event of a version from the future is parked", async () => {
  await using world = await openWorld();
  await world.start();
  await world.send(ingested("flights"), { id: "from-the-future", type: "cascade.dataset.ingested.v99" });
  const [letter] = await deadLetters(world, 1);
  expect(letter).toMatchObject({
    reason: "unsupported-version",
    event: { type: "cascade.dataset.ingested.v99" },
  });
  const { rows } = await world.database.query("select outcome from inbox where event_id = 'from-the-future'");
  expect(rows).toEqual([{ outcome: "parked" }]);
});

/** The upgrade: what was version 99 is a version that the service knows. */
async function understandParked(world: TestWorld): Promise<void> {
  await world.database.query(
    `update dead_letters set headers = replace(headers::text, 'ingested.v99', 'ingested.v1')::jsonb,
       subject = replace(subject, 'ingested.v99', 'ingested.v1'), event_type = '${DatasetIngestedV1.type}'`,
  );
}

test("a parked event is handled when a newer build understands it", async () => {
  await using world = await openWorld();
  const before = await world.start();
  await world.send(ingested("flights"), { id: "from-the-future", type: "cascade.dataset.ingested.v99" });
  await deadLetters(world, 1);
  await before.stop();
  await understandParked(world);
  await world.start();
  expect(await world.awaitEffects(1)).toEqual(["from-the-future"]);
  await eventually(async () => (await world.published(DeadLetterRedrivenV1.type)).length === 1, {
    describe: "the event that says so",
  });
});

test("a redrive that fails does not open again what another one has handled meanwhile", async () => {
  await using world = await openWorld();
  const before = await world.start({
    reactions: [
      failing(() => {
        throw new Reject("BROKEN", "the code is wrong");
      }),
    ],
  });
  const id = await world.send(ingested("flights"));
  const [letter] = await deadLetters(world, 1);
  await before.stop();

  const begun = Promise.withResolvers<void>();
  const handledElsewhere = Promise.withResolvers<void>();
  let calls = 0;
  await world.start({
    reactions: [
      reaction({
        name: effectsReaction.name,
        on: DatasetIngestedV1,
        emits: [],
        gather: async () => {
          calls += 1;
          if (calls > 1) return {};
          begun.resolve();
          await handledElsewhere.promise;
          throw new Error("too late");
        },
        decide: ({ id }) => ({ id, events: [] }),
        record: ({ id }, tx) => insertEffect(tx, id),
      }),
    ],
  });
  const request = DeadLetterRedriveRequestedV1.create("flights", {
    deadLetterId: letter?.deadLetterId ?? "",
    service: "validation",
    by: "ada",
  });
  await world.send(request, { source: "urn:test" });
  await begun.promise;
  // What another replica does: it finds the event parked, understands it and handles it.
  await world.database.query("update dead_letters set reason = 'unsupported-version'");
  expect(await world.awaitEffects(1)).toEqual([id]);
  handledElsewhere.resolve();
  // The first request is settled before the second one is read.
  await world.send(request, { source: "urn:test" });
  const marker = await world.send(ingested("flights"));
  await world.awaitEffects(2);
  await eventually(
    async () => {
      const { rows } = await world.database.query("select status from dead_letters");
      const durable = (await consumersOf(world)).find(({ name }) => name.endsWith(redriveReactionName));
      return durable?.num_pending === 0 && durable.num_ack_pending === 0 && rows;
    },
    { describe: "both requests settled" },
  );
  expect((await world.database.query("select status from dead_letters")).rows).toEqual([
    { status: "redriven" },
  ]);
  expect(await world.effects()).toEqual([id, marker].sort());
});

test("a parked event that cannot be handled after the upgrade is tried as often as any other", async () => {
  await using world = await openWorld();
  const before = await world.start();
  await world.send(ingested("flights"), { id: "from-the-future", type: "cascade.dataset.ingested.v99" });
  await deadLetters(world, 1);
  await before.stop();
  await understandParked(world);
  await world.start({
    reactions: [
      failing(() => {
        throw new Error("still not");
      }),
    ],
  });
  const letters = await deadLetters(world, 2);
  expect(letters[1]).toMatchObject({
    deadLetterId: letters[0]?.deadLetterId,
    reason: "attempts-exhausted",
    attempts: 1 + 3,
    error: { message: "still not" },
  });
  const { rows } = await world.database.query("select outcome from inbox where event_id = 'from-the-future'");
  expect(rows).toEqual([{ outcome: "dead" }]);
});

test("an event that is ignored keeps its reason, and has no effect", async () => {
  await using world = await openWorld();
  await world.start({
    reactions: [
      reaction({
        name: effectsReaction.name,
        on: DatasetIngestedV1,
        emits: [],
        load: async ({ id }, tx) => {
          const { rows } = await tx.query<{ event_id: string }>("select event_id from effects limit 1");
          return { newest: rows[0]?.event_id, id };
        },
        // An old event after a new one changes nothing.
        decide: ({ id }, { newest }) =>
          newest !== undefined && newest > id ? ignore("OLDER_THAN_STATE") : { id, events: [] },
        record: ({ id }, tx) => insertEffect(tx, id),
      }),
    ],
  });
  await world.send(ingested("flights"), { id: "2-new" });
  await world.awaitEffects(1);
  await world.send(ingested("flights"), { id: "1-old" });
  const { rows } = await eventually(
    async () => {
      const found = await world.database.query("select outcome, reason from inbox where event_id = '1-old'");
      return found.rowCount === 1 && found;
    },
    { describe: "the old event in the inbox" },
  );
  expect(rows).toEqual([{ outcome: "ignored", reason: "OLDER_THAN_STATE" }]);
  expect(await world.effects()).toEqual(["2-new"]);
});

test("a structured CloudEvent from the old NATS client of an outsider is understood", async () => {
  await using world = await openWorld();
  await world.start();
  const foreign = await connect({ servers: world.nats.url });
  const headers = (await import("nats")).headers();
  headers.set("Content-Type", "application/cloudevents+json; charset=utf-8");
  const event = {
    specversion: "1.0",
    id: "foreign-1",
    type: DatasetIngestedV1.type,
    source: "/services/ingestion",
    data: DatasetIngestedV1.example,
  };
  await foreign.jetstream().publish(`${DatasetIngestedV1.type}.flights`, JSON.stringify(event), { headers });
  expect(await world.awaitEffects(1)).toEqual(["foreign-1"]);
  await foreign.close();
});

test("the trace of an event goes on in what follows from it", async () => {
  await using world = await openWorld();
  await world.start();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await world.send(ingested("flights"), { traceparent });
  const [event] = await eventually(
    async () => {
      const events = await world.published(DatasetRejectedV1.type);
      return events.length > 0 && events;
    },
    { describe: "the event that follows" },
  );
  expect(event?.envelope.traceparent).toContain("0af7651916cd43dd8448eb211c80319c");
});
