import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { noLog } from "../observer.ts";
import { connectBroker } from "./connect.ts";

/** Speaks as much of the protocol as a connection begins with, as a server of any version. */
async function serverOf(version: string) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const info = { server_id: "test", version, max_payload: 1_048_576, headers: true, proto: 1 };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      if (data.includes("PING")) socket.write("PONG\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function warningsOf(version: string): Promise<object[]> {
  await using server = await serverOf(version);
  const warnings: object[] = [];
  const log = { ...noLog, warn: (fields: object) => void warnings.push(fields) };
  const connection = await connectBroker({ servers: server.url, name: "test", log });
  await connection.close();
  return warnings;
}

test.each(["2.9.25", "1.4.1", "2.9.99-beta"])(
  "a server of version %s is refused, with what to do",
  async (version) => {
    const attempt = warningsOf(version);
    await expect(attempt).rejects.toMatchObject({ code: "BROKER_TOO_OLD" });
    await expect(attempt).rejects.toThrow(
      `version ${version}; Cascade needs 2.10 or newer. Upgrade nats-server.`,
    );
  },
);

test.each(["2.10.0", "2.12.3", "2.14.5"])("a server of version %s is warned of", async (version) => {
  expect(await warningsOf(version)).toEqual([{ version, recommended: "2.14.6" }]);
});

test.each(["2.14.6", "2.15.0", "3.0.0", "2.15.1-RC.1"])(
  "a server of version %s is taken as it is",
  async (version) => {
    expect(await warningsOf(version)).toEqual([]);
  },
);
