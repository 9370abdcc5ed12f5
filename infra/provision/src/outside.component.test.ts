import {
  DataArrivedV2,
  ModelVersionPromotedV1,
  outgoingStream,
  outsideDomain,
  streamOf,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect as connectOld, nkeyAuthenticator as oldAuthenticator } from "nats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BrokerForTest, brokerForTest } from "./testing/broker-for-test.ts";

let broker: BrokerForTest;
beforeAll(async () => {
  broker = await brokerForTest([{ name: "acme" }, { name: "globex", pipelines: ["flight-delays"] }]);
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
});

test("an outsider publishes an arrival as anybody would, and hears that it is stored", async () => {
  const acme = await broker.connectParty("acme");
  const ack = await jetstream(acme).publish(`${DataArrivedV2.type}.taxi-tips`, "{}");
  expect(ack).toMatchObject({ stream: streamOf(DataArrivedV2), duplicate: false });
});

test("an older client does the same, with nothing but its key", async () => {
  const connection = await connectOld({
    servers: broker.url,
    authenticator: oldAuthenticator(await broker.seedOfParty("acme")),
  });
  try {
    const ack = await connection.jetstream().publish(`${DataArrivedV2.type}.taxi-tips`);
    expect(ack).toMatchObject({ stream: streamOf(DataArrivedV2), duplicate: false });
    const consumer = await connection
      .jetstream({ domain: outsideDomain })
      .consumers.get(outgoingStream.name, "acme");
    expect((await consumer.info()).name).toBe("acme");
  } finally {
    await connection.close();
  }
});

test("an outsider who was given one pipeline cannot speak of another", async () => {
  const globex = jetstream(await broker.connectParty("globex"));
  await globex.publish(`${DataArrivedV2.type}.flight-delays`, "{}");
  await expect(globex.publish(`${DataArrivedV2.type}.taxi-tips`, "{}")).rejects.toThrow(
    "Permissions Violation",
  );
});

test("outsiders hear of promotions as they happen, each of its own pipelines", async () => {
  const heard: string[] = [];
  for (const [name, pipeline] of [
    ["acme", "*"],
    ["globex", "flight-delays"],
  ] as const) {
    const connection = await broker.connectParty(name);
    connection.subscribe(`${ModelVersionPromotedV1.type}.${pipeline}`, {
      callback: (error, { subject }) => {
        heard.push(error === null ? `${name} ${subject.split(".").at(-1)}` : error.message);
      },
    });
    await connection.flush();
  }
  const registry = jetstream(await broker.connect("registry"));
  for (const pipeline of ["flight-delays", "taxi-tips"]) {
    await registry.publish(`${ModelVersionPromotedV1.type}.${pipeline}`, "{}");
  }
  await eventually(() => heard.length >= 3, { describe: "three messages" });
  expect(heard.toSorted()).toEqual(["acme flight-delays", "acme taxi-tips", "globex flight-delays"]);
});

test("what an outsider has not read yet is kept for it, and what it has acknowledged does not come again", async () => {
  const registry = jetstream(await broker.connect("registry"));
  for (const version of ["1", "2", "3"]) {
    await registry.publish(`${ModelVersionPromotedV1.type}.flight-delays`, version);
  }
  const { consumers } = jetstream(await broker.connectParty("globex"), { domain: outsideDomain });
  const consumer = await consumers.get(outgoingStream.name, "globex");
  const read: string[] = [];
  for await (const message of await consumer.consume({ max_messages: 10, expires: 10_000 })) {
    read.push(message.string());
    expect(await message.ackAck()).toBe(true);
    if (message.string() === "3") break;
  }
  expect(read).toContain("1");
  const manager = await jetstreamManager(await broker.connect("provisioner"), { checkAPI: false });
  const info = await manager.consumers.info(outgoingStream.name, "globex");
  expect(info).toMatchObject({ num_pending: 0, num_ack_pending: 0 });
});
