import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts, type HostedService, type Stack, startStack } from "@cascade/stack";
import { type TestProxy, testProxy } from "@cascade/testing";
import type { RunSettings } from "../settings.ts";
import { type ProcessWatch, watchProcesses } from "./process-watch.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

export type ServerName = "nats" | "postgres";

type Environment = Readonly<Record<string, string>>;

/** A replica that ended without having been told to. */
interface Exit {
  readonly replica: string;
  readonly at: number;
  readonly reason: string;
}

/** The whole system, every connection of a service by way of a proxy, with a supervisor that starts again what dies. */
export interface World extends AsyncDisposable {
  readonly stack: Stack;
  readonly directory: string;
  readonly disks: { readonly artifacts: SmallDisk | undefined; readonly broker: SmallDisk | undefined };
  readonly processes: ProcessWatch;
  readonly exits: readonly Exit[];
  replicas(): readonly HostedService[];
  replica(name: string): HostedService;
  proxy(replica: string, server: ServerName): TestProxy;
  /** Ends a replica at once and leaves it down until it is brought back. */
  kill(replica: string): Promise<void>;
  /** Asks a replica to end, and waits until it has. */
  terminate(replica: string): Promise<void>;
  /**
   * Starts a replica again, trying until it has started: its database may be away. Further settings are for the
   * first try only, so that one that dies by them comes back without.
   */
  bringBack(replica: string, environment?: Environment): Promise<void>;
  /** Waits until a replica has ended by itself since a moment; when it is not back in time, undefined. */
  awaitExit(replica: string, since: number, limitMs: number): Promise<Exit | undefined>;
  /** Waits until every replica runs that the supervisor was starting again. */
  allUp(): Promise<void>;
  say(message: string): void;
}

/** Settings that let a short run see what otherwise takes minutes: leases run out, relays and jobs look often. */
const serviceEnvironment = {
  CASCADE_JOB_LEASE_MS: "3000",
  CASCADE_SERVING_LOAD_RETRY_MS: "1000",
  CASCADE_SERVING_IDLE_WINDOW_MS: "2000",
  CASCADE_TABULAR_THREADS: "1",
  CASCADE_STOP_TIMEOUT_MS: "10000",
};

const diskMiB = { artifacts: 64, broker: 128 };
/** More than all streams together reserve: the broker must not look at the small disk instead. */
const brokerStoreBytesMax = 64 * 1024 ** 3;
const reviveDelayMs = 250;

const beatMs = 1000;
const heldUpMs = 2000;

/** All connections lead through this process: where it is held up itself, whatever is measured is its own doing. */
function noticeHoldUps(say: (message: string) => void): Disposable {
  let last = performance.now();
  const timer = setInterval(() => {
    const late = performance.now() - last - beatMs;
    if (late > heldUpMs) say(`this process itself was held up for ${Math.round(late)} ms`);
    last = performance.now();
  }, beatMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

export async function openWorld(directory: string, settings: RunSettings): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const proxies = new Map<string, TestProxy>();
  const exits: Exit[] = [];
  /** Replicas whose end is part of a fault: the supervisor leaves them alone. */
  const held = new Set<string>();
  const waiting = new Map<string, (exit: Exit) => void>();
  const reviving = new Map<string, Promise<void>>();
  let closing = false;

  const stackDirectory = join(directory, "stack");
  const disks = {
    artifacts: await mountSmallDisk(join(stackDirectory, "artifacts"), diskMiB.artifacts),
    broker: await mountSmallDisk(join(stackDirectory, "nats", "store"), diskMiB.broker),
  };
  for (const disk of Object.values(disks)) if (disk !== undefined) opened.use(disk);

  const say = (message: string) =>
    void appendFile(join(directory, "story.log"), `${new Date().toISOString()} ${message}\n`);

  opened.use(noticeHoldUps(say));

  const stack = await startStack({
    directory: stackDirectory,
    ports: freePorts,
    processes: true,
    replicas: settings.replicas,
    // What a kill leaves behind is the same either way; only a power failure would tell the difference.
    durable: false,
    natsStoreBytesMax: brokerStoreBytesMax,
    environment: serviceEnvironment,
    route: async (replica, server, url) => {
      const proxy = await testProxy(url);
      proxies.set(`${replica}/${server}`, proxy);
      return proxy.url;
    },
    onExit: (replica, reason) => {
      if (closing) return;
      const exit = { replica, at: Date.now(), reason };
      exits.push(exit);
      say(`${replica} ${reason.slice(0, 300)}`);
      waiting.get(replica)?.(exit);
      if (!held.has(replica)) reviving.set(replica, revive(replica));
    },
  });
  opened.defer(async () => {
    closing = true;
    await Promise.allSettled(reviving.values());
    await stack.stop();
    for (const proxy of proxies.values()) await proxy[Symbol.asyncDispose]();
  });
  const processes = watchProcesses(() => stack.services().flatMap(({ pid }) => pid ?? []));
  opened.defer(() => processes.stop());

  async function revive(replica: string, environment: Environment = {}): Promise<void> {
    for (let settings = environment; !closing; settings = {}) {
      try {
        await stack.startAgain(replica, settings);
        await processes.look();
        return;
      } catch (error) {
        say(`${replica} could not start: ${error instanceof Error ? error.message.slice(0, 300) : error}`);
        await new Promise((resolve) => setTimeout(resolve, reviveDelayMs));
      }
    }
  }

  function replica(name: string): HostedService {
    const found = stack.services().find((one) => one.replica === name);
    if (found === undefined) throw new Error(`there is no replica ${name}`);
    return found;
  }

  async function down(name: string, end: (service: HostedService) => Promise<void>): Promise<void> {
    held.add(name);
    await reviving.get(name);
    await processes.look();
    await end(replica(name));
  }

  const owned = opened.move();
  return {
    stack,
    directory,
    disks,
    processes,
    exits,
    say,
    replicas: () => stack.services(),
    replica,
    proxy: (name, server) => {
      const proxy = proxies.get(`${name}/${server}`);
      if (proxy === undefined) throw new Error(`${name} has no proxy to ${server}`);
      return proxy;
    },
    kill: (name) => down(name, (service) => service.kill()),
    terminate: (name) => down(name, (service) => service.stop()),
    bringBack: async (name, environment) => {
      const back = revive(name, environment);
      reviving.set(name, back);
      held.delete(name);
      await back;
    },
    awaitExit: async (name, since, limitMs) => {
      const before = exits.find(({ replica: ended, at }) => ended === name && at >= since);
      if (before !== undefined) return before;
      let timer: NodeJS.Timeout | undefined;
      const exited = new Promise<Exit>((resolve) => waiting.set(name, resolve));
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), limitMs);
      });
      const exit = await Promise.race([exited, late]);
      clearTimeout(timer);
      waiting.delete(name);
      return exit;
    },
    allUp: async () => {
      await Promise.all(reviving.values());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
