import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { type HostAnswer, hostileHosts, hostileNames } from "./hostile-hosts.ts";
import { attemptFetch } from "./ingestion-fetch.ts";

const againEveryMs = 20;

test("a name that leads inside is refused, whatever else it leads to", async () => {
  await using folder = await temporaryDirectory();
  const actual = await Promise.all(
    hostileNames.map(async ({ name, input }, index) => {
      const target = join(folder.path, String(index));
      const uri = "http://data.example:1/a.csv";
      return [name, await attemptFetch({ uri, target, addresses: input, allowPrivateHosts: false })];
    }),
  );
  expect(actual).toEqual(hostileNames.map(({ name, wanted }) => [name, wanted]));
});

/** A host that sends what it is told, whatever it is asked. */
async function startHost({ begin, again, ends }: HostAnswer) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    // Before the request has come, a whole answer would be one to nothing.
    socket.once("data", () => {
      socket.write(begin);
      if (ends === true) return socket.end();
      if (again === undefined) return;
      const timer = setInterval(() => socket.write(again), againEveryMs);
      socket.once("close", () => clearInterval(timer));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("a host that answers as none should is given up, within its limits", async () => {
  await using folder = await temporaryDirectory();
  const actual = await Promise.all(
    hostileHosts.map(async ({ name, input }, index) => {
      using host = await startHost(input);
      const outcome = await attemptFetch({
        uri: `http://data.example:${host.port}/a.csv`,
        target: join(folder.path, String(index)),
        addresses: ["127.0.0.1"],
        allowPrivateHosts: true,
      });
      return [name, outcome];
    }),
  );
  expect(actual).toEqual(hostileHosts.map(({ name, wanted }) => [name, wanted]));
});
