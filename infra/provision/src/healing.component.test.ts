import { DeadLetterRedriveRequestedV1, durablesOf, streamOf } from "@cascade/contracts";
import { type AnyService, startService } from "@cascade/service-kit";
import { eventually, temporaryDirectory, testDatabase } from "@cascade/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { type BrokerForTest, brokerForTest } from "./testing/broker-for-test.ts";

// Services have no exports, so that none can import another.
const source = new URL("../../../services/validation/src/service.ts", import.meta.url);

async function startValidation(broker: BrokerForTest) {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const database = stack.use(await testDatabase());
  const { service }: { service: AnyService } = await import(source.href);
  const running = await startService(service, {
    environment: {
      CASCADE_NATS_URL: broker.url,
      CASCADE_NATS_NKEY_FILE: broker.access("validation").nkeyFile,
      CASCADE_POSTGRES_URL: await database.schemaUrl("validation"),
      CASCADE_WORK_DIRECTORY: directory.path,
      CASCADE_ARTIFACTS_URL: new URL(`file://${directory.path}/artifacts`).href,
      CASCADE_LOG_LEVEL: "silent",
      CASCADE_CONSUMER_CHECK_INTERVAL_MS: "200",
    },
    onFatal: (error) => {
      throw error;
    },
  });
  stack.defer(() => running.stop());
  const owned = stack.move();
  return { running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("a service makes its durables again with no more rights than its own", async () => {
  await using broker = await brokerForTest();
  await using _ = await startValidation(broker);
  const manager = await jetstreamManager(await broker.connect("provisioner"), { checkAPI: false });
  const [durable] = durablesOf("validation");
  if (durable === undefined) throw new Error("validation reads nothing");
  const created = async () => (await manager.consumers.info(durable.stream, durable.name)).created;
  const first = await eventually(created, { describe: "the durable" });
  await manager.consumers.delete(durable.stream, durable.name);
  const second = await eventually(created, { describe: "the durable to be there again" });
  expect(second).not.toBe(first);
});

test("a broker that has lost everything gets back the streams of nobody that the service reads", async () => {
  await using broker = await brokerForTest();
  await using _ = await startValidation(broker);
  await broker.forget();
  const manager = await jetstreamManager(await broker.connect("provisioner"), { checkAPI: false });
  const names = async () => {
    const found: string[] = [];
    for await (const name of manager.streams.names()) found.push(name);
    return found;
  };
  const stream = streamOf(DeadLetterRedriveRequestedV1);
  await eventually(async () => (await names()).includes(stream), { describe: `${stream} to be there again` });
});
