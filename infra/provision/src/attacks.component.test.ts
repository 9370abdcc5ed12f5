import {
  DataArrivedV2,
  DatasetIngestedV1,
  durablesOf,
  ModelVersionPromotedV1,
  outgoingStream,
  outsideDomain,
  streamOf,
  TrainingRunCompletedV1,
} from "@cascade/contracts";
import { createPublisher, decode, MalformedEventError, MessagingSettings } from "@cascade/messaging";
import { eventually } from "@cascade/testing";
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrokerForTest, brokerForTest } from "./testing/broker-for-test.ts";

let broker: BrokerForTest;
beforeAll(async () => {
  broker = await brokerForTest([{ name: "acme" }]);
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
});

const promoted = `${ModelVersionPromotedV1.type}.flight-delays`;
const registryStream = streamOf(ModelVersionPromotedV1);

async function lastSequences(): Promise<Record<string, number>> {
  const manager = await jetstreamManager(await broker.connect("provisioner"), { checkAPI: false });
  const sequences: Record<string, number> = {};
  for await (const { config, state } of manager.streams.list()) sequences[config.name] = state.last_seq;
  return sequences;
}

/** Asks for messages of a durable, and for the broker to send them to a subject of the asker's choice. */
async function haveSent(
  connection: NatsConnection,
  stream: string,
  durable: string,
  to: string,
  api = "$JS.API",
) {
  const request = JSON.stringify({ batch: 10, no_wait: true });
  connection.publish(`${api}.CONSUMER.MSG.NEXT.${stream}.${durable}`, request, { reply: to });
  await connection.flush();
}

test("a promotion that another service publishes is refused, and so is one of an outsider", async () => {
  const before = await lastSequences();
  for (const forger of [await broker.connect("evaluation"), await broker.connectParty("acme")]) {
    const forged = jetstream(forger).publish(promoted, "{}");
    await expect(forged).rejects.toThrow(
      /Permissions Violation for Publish to "cascade.model-version.promoted/,
    );
  }
  expect(await lastSequences()).toEqual(before);
});

test("an outsider cannot have the broker publish for it what it may not publish", async () => {
  await jetstream(await broker.connect("registry")).publish(promoted, "{}");
  await eventually(async () => ((await lastSequences())[outgoingStream.name] ?? 0) > 0, {
    describe: "a copy for outsiders",
  });
  const outsider = await broker.connectParty("acme");
  const before = await lastSequences();
  for (const to of [promoted, "$JS.API.STREAM.DELETE.CASCADE_REGISTRY"]) {
    await haveSent(outsider, outgoingStream.name, "acme", to, `$JS.${outsideDomain}.API`);
  }
  // The broker works off what one consumer is asked in order: this answer comes after the attacks.
  const { consumers } = jetstream(outsider, { domain: outsideDomain });
  expect((await (await consumers.get(outgoingStream.name, "acme")).info()).delivered.consumer_seq).toBe(1);
  expect(await lastSequences()).toEqual(before);
});

test("a message id that an outsider has used first hides no event of a service", async () => {
  const outsider = jetstream(await broker.connectParty("acme"));
  const service = jetstream(await broker.connect("ingestion"));
  const msgID = "0197f6ea-0000-7000-8000-000000000001";
  const first = await outsider.publish(`${DataArrivedV2.type}.flight-delays`, "{}", { msgID });
  const second = await service.publish(`${DatasetIngestedV1.type}.flight-delays`, "{}", { msgID });
  expect(first).toMatchObject({ stream: streamOf(DataArrivedV2), duplicate: false });
  expect(second).toMatchObject({ stream: streamOf(DatasetIngestedV1), duplicate: false });
});

test("what a service has the broker send under the subject of another is refused by whoever reads it", async () => {
  const durable = durablesOf("evaluation").find(({ stream }) => stream === streamOf(TrainingRunCompletedV1));
  if (durable === undefined) throw new Error("evaluation reads no training runs");
  const training = await broker.connect("training");
  const evaluation = await broker.connect("evaluation");
  const manager = await jetstreamManager(evaluation, { checkAPI: false });
  await manager.consumers.add(durable.stream, {
    durable_name: durable.name,
    filter_subject: durable.filterSubject,
    ack_policy: AckPolicy.Explicit,
  });
  const publisher = createPublisher({
    connection: training,
    source: "/services/training",
    settings: MessagingSettings.parse({}),
    now: () => new Date(),
    newId: () => "0197f6ea-0000-7000-8000-000000000002",
  });
  await publisher.publish(TrainingRunCompletedV1.create("flight-delays", TrainingRunCompletedV1.example));
  const { [registryStream]: before = 0 } = await lastSequences();

  // This is allowed by the broker: within an account, it checks no right where it sends a reply. Its header that
  // names the stream may or may not stop it there; readers do.
  await haveSent(evaluation, durable.stream, durable.name, promoted);
  const reader = await jetstreamManager(await broker.connect("registry"), { checkAPI: false });
  const { [registryStream]: after = 0 } = await lastSequences();
  for (let seq = before + 1; seq <= after; seq++) {
    const stored = await reader.streams.getMessage(registryStream, { seq });
    if (stored === null) throw new Error(`message ${seq} is gone`);
    const headers = [...stored.header].map(([name, values]): [string, string] => [name, values[0] ?? ""]);
    const read = () =>
      decode(
        { headers, payload: stored.data, subject: stored.subject },
        { payloadBytesMax: 1_000_000, depthMax: 64, headerBytesMax: 16_384 },
      );
    expect(read).toThrow(MalformedEventError);
  }
});
