import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { testNats } from "./test-nats.ts";

async function connectTo(url: string) {
  const connection = await connect({ servers: url, reconnect: false, timeout: 3000 });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

async function countMessages(url: string): Promise<number> {
  await using connection = await connectTo(url);
  const manager = await jetstreamManager(connection);
  return (await manager.streams.info("facts")).state.messages;
}

async function publishOne(url: string): Promise<void> {
  await using connection = await connectTo(url);
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: "facts", subjects: ["facts.>"] });
  await jetstream(connection).publish("facts.first", "hello");
}

test("two servers share nothing", async () => {
  await using first = await testNats();
  await using second = await testNats();
  await publishOne(first.url);
  await expect(countMessages(second.url)).rejects.toThrow("stream not found");
});

test("a message outlives a crash of the server", async () => {
  await using nats = await testNats();
  await publishOne(nats.url);
  await nats.kill();
  await expect(connectTo(nats.url)).rejects.toThrow();
  await nats.restart();
  expect(await countMessages(nats.url)).toBe(1);
});

test("a server that was stopped comes back at the same address", async () => {
  await using nats = await testNats();
  await publishOne(nats.url);
  await nats.stop();
  await expect(connectTo(nats.url)).rejects.toThrow();
  await nats.restart();
  expect(await countMessages(nats.url)).toBe(1);
});

test("a paused server answers nothing until it is resumed", async () => {
  await using nats = await testNats();
  await using connection = await connectTo(nats.url);
  await nats.pause();
  await expect(connection.request("$JS.API.INFO", undefined, { timeout: 300 })).rejects.toThrow("timeout");
  await nats.resume();
  expect((await connection.request("$JS.API.INFO", undefined, { timeout: 5000 })).string()).toContain(
    "account",
  );
});

test("a paused server can be removed", async () => {
  const nats = await testNats();
  await nats.pause();
  await nats[Symbol.asyncDispose]();
  await expect(connectTo(nats.url)).rejects.toThrow();
});
