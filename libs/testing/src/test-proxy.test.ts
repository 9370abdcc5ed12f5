import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { testProxy } from "./test-proxy.ts";

/** A server that sends back what it gets. */
async function echo(): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `tcp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function open(url: string) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let received = "";
  let isClosed = false;
  socket.on("data", (data) => {
    received += data.toString();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    isClosed = true;
  });
  // A connection that is refused is made first and broken then, or not made at all.
  await new Promise<void>((resolve) => {
    socket.once("connect", () => resolve()).once("close", () => resolve());
  });
  return {
    say: (text: string) => socket.write(text),
    received: () => received,
    isClosed: () => isClosed,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

test("an open proxy passes everything on in both directions", async () => {
  await using server = await echo();
  await using proxy = await testProxy(server.url);
  using client = await open(proxy.url);
  client.say("hello");
  expect(await eventually(client.received, { describe: "the echo" })).toBe("hello");
});

test("a cut proxy breaks connections, and lets new ones through after it is restored", async () => {
  await using server = await echo();
  await using proxy = await testProxy(server.url);
  using first = await open(proxy.url);
  proxy.cut();
  await eventually(first.isClosed, { describe: "the connection to be broken" });
  using refused = await open(proxy.url);
  await eventually(refused.isClosed, { describe: "the new connection to be refused" });
  proxy.restore();
  using second = await open(proxy.url);
  second.say("again");
  expect(await eventually(second.received, { describe: "the echo" })).toBe("again");
});

test("a silent proxy keeps connections open and passes nothing on, also after it is restored", async () => {
  await using server = await echo();
  await using proxy = await testProxy(server.url);
  using silenced = await open(proxy.url);
  silenced.say("before");
  await eventually(silenced.received, { describe: "the echo" });
  proxy.silence();
  silenced.say("after");
  proxy.restore();
  using other = await open(proxy.url);
  other.say("new");
  await eventually(other.received, { describe: "the echo" });
  expect(silenced.received()).toBe("before");
  expect(silenced.isClosed()).toBe(false);
});
