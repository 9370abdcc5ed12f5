import { TrafficAssignedV1 } from "@cascade/contracts";
import { eventually, testNats } from "@cascade/testing";
import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connectBroker } from "./broker/connect.ts";
import { provisionStreams } from "./broker/provision-streams.ts";
import { createPublisher } from "./broker/publisher.ts";
import { watchLatest } from "./broker/tail.ts";
import { noLog } from "./observer.ts";
import { MessagingSettings } from "./settings.ts";

test("desired state is the highest revision, also where an older one was published late", async () => {
  await using nats = await testNats();
  const connection = await connectBroker({ servers: nats.url, name: "test", log: noLog });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => connection.close());
  await provisionStreams(connection);
  const publisher = createPublisher({
    connection,
    source: "/services/deployment",
    settings: MessagingSettings.parse({}),
    now: () => new Date(),
    newId: uuidv7,
  });
  const assign = (pipeline: string, revision: number) =>
    publisher.publish(TrafficAssignedV1.create(pipeline, { ...TrafficAssignedV1.example, revision }));
  const watch = () => {
    const heard: string[] = [];
    const tail = watchLatest({
      connection,
      definition: TrafficAssignedV1,
      log: noLog,
      rank: ({ revision }) => revision,
      onEvent: async ({ pipeline, data }) => {
        heard.push(`${pipeline} ${data.revision}`);
      },
    });
    stack.defer(() => tail.stop());
    return heard;
  };

  for (const revision of [1, 3, 2]) await assign("north", revision);
  await assign("south", 1);
  const heard = watch();
  await eventually(() => heard.length === 2, { describe: "one state of each pipeline" });
  expect(heard.toSorted()).toEqual(["north 3", "south 1"]);

  await assign("north", 2);
  await assign("north", 4);
  await eventually(() => heard.includes("north 4"), { describe: "the new state" });
  expect(heard.slice(2)).toEqual(["north 4"]);

  await nats.kill();
  await nats.restart();
  await eventually(() => heard.length === 5, { describe: "the state to be read again" });
  expect(heard.slice(3).toSorted()).toEqual(["north 4", "south 1"]);
});
