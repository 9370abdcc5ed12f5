import { cp, glob, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { startNats } from "@cascade/local";
import { startNatsContainer } from "./containers.ts";
import { sharedServers } from "./shared-servers.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import type { NatsSource } from "./test-servers.ts";

export interface TestNats extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
  /** Freezes the server: connections stay open and nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts the server again on the same address and with the same messages, also after `stop` and `kill`. */
  restart(): Promise<void>;
  /**
   * Copies what the server has stored. The returned function ends the server as a crash would and puts the copy in
   * place of its store: what it has acknowledged since is gone, as after a power failure. `keepConsumers` leaves the
   * state of consumers as it is, so that they are ahead of their streams. Not for containers.
   */
  copyStore(): Promise<(options?: { keepConsumers?: boolean }) => Promise<void>>;
}

export interface TestNatsOptions {
  /** Where the server comes from; by default what the test run has found. */
  readonly source?: NatsSource;
  /** True has each message on disk before it is acknowledged, as outside of tests. Default false, which is faster. */
  readonly durable?: boolean;
}

/** A NATS server of a test's own, with JetStream; ended and removed with its messages at the test's end. */
export async function testNats(options: TestNatsOptions = {}): Promise<TestNats> {
  const source = options.source ?? (await sharedServers()).nats;
  const durable = options.durable ?? false;
  if (source.kind === "container") return await startNatsContainer(source.image, durable);

  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const nats = await startNats({
    directory: directory.path,
    port: 0,
    binary: source.path,
    durable,
  });
  stack.defer(() => nats.kill());
  const owned = stack.move();
  return {
    url: nats.url,
    stop: nats.stop,
    kill: nats.kill,
    pause: async () => nats.pause(),
    resume: async () => nats.resume(),
    restart: nats.restart,
    copyStore: async () => {
      const store = join(directory.path, "store");
      const copy = join(directory.path, "copy");
      await cp(store, copy, { recursive: true });
      return async ({ keepConsumers = false } = {}) => {
        await nats.kill();
        if (keepConsumers) await exchangeConsumers(store, copy);
        await rm(store, { recursive: true });
        await rename(copy, store);
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Gives the streams of `copy` the consumers that they have in `store`. */
async function exchangeConsumers(store: string, copy: string): Promise<void> {
  for await (const path of glob("jetstream/*/streams/*", { cwd: copy })) {
    await rm(join(copy, path, "obs"), { recursive: true, force: true });
    await cp(join(store, path, "obs"), join(copy, path, "obs"), { recursive: true });
  }
}
