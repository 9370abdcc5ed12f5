import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TestProxy extends AsyncDisposable {
  /** The server's URL, but by way of the proxy. */
  readonly url: string;
  /** Breaks all connections and refuses new ones, as a server that has gone. */
  cut(): void;
  /** Passes on nothing and closes nothing, as a network that swallows packets; new connections are just as silent. */
  silence(): void;
  /** Lets new connections through again. Those that were silenced stay so. */
  restore(): void;
}

type State = "open" | "cut" | "silent";

interface Pair {
  readonly near: Socket;
  readonly far: Socket | undefined;
}

/** A way to a server that a test can break, for one connection is lost differently from a server that has died. */
export async function testProxy(serverUrl: string): Promise<TestProxy> {
  const target = new URL(serverUrl);
  const pairs = new Set<Pair>();
  let state: State = "open";

  const server = createServer({ pauseOnConnect: true }, (near) => {
    if (state === "cut") return void near.resetAndDestroy();
    const far = state === "open" ? connect(Number(target.port), target.hostname) : undefined;
    const pair = { near, far };
    pairs.add(pair);
    for (const socket of [near, far]) {
      // An error is followed by a close.
      socket?.on("error", () => {});
      socket?.once("close", () => {
        // The network that has gone silent does not tell the one side that the other has closed.
        if (state === "silent") return;
        pairs.delete(pair);
        near.destroy();
        far?.destroy();
      });
    }
    if (far === undefined) return;
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const url = new URL(serverUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const closeAll = () => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far?.destroy();
    }
    pairs.clear();
  };
  return {
    // A URL object adds a slash where there is no path.
    url: serverUrl.endsWith("/") ? url.href : url.href.replace(/\/$/, ""),
    cut: () => {
      state = "cut";
      closeAll();
    },
    silence: () => {
      state = "silent";
      for (const { near, far } of pairs) {
        near.unpipe();
        far?.unpipe();
        near.pause();
        far?.pause();
      }
    },
    restore: () => {
      state = "open";
    },
    [Symbol.asyncDispose]: async () => {
      closeAll();
      server.close();
      await once(server, "close");
    },
  };
}
