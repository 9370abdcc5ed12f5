import { setImmediate as turn } from "node:timers/promises";
import { testNats } from "@cascade/testing";
import { expect, test } from "vitest";
import { connectBroker } from "./broker/connect.ts";
import { provisionStreams } from "./broker/provision-streams.ts";
import { readEvents } from "./broker/tail.ts";
import { noLog } from "./observer.ts";

// More than it takes to open the consumers of all streams.
const turnsMax = 120;

test("a tail ends whenever it is stopped, also while it still opens", async () => {
  await using nats = await testNats();
  const connection = await connectBroker({ servers: nats.url, name: "test", log: noLog });
  await using _ = { [Symbol.asyncDispose]: () => connection.close() };
  await provisionStreams(connection);
  let ended = 0;
  for (let turns = 0; turns < turnsMax; turns += 4) {
    const tail = readEvents({ connection, log: noLog, onEvent: () => {} });
    for (let passed = 0; passed < turns; passed++) await turn();
    await tail.stop();
    ended += 1;
  }
  expect(ended).toBe(turnsMax / 4);
});
