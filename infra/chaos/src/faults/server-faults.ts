import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "./fault.ts";
import { hold } from "./fault.ts";

const broker = () => ["broker"];

export const killBroker: Fault = {
  keys: broker,
  inflict: async ({ world, planned: { holdMs } }) => {
    await world.stack.nats.kill();
    await hold(holdMs);
    await world.stack.nats.restart();
    return { what: `kill -9 of the broker, down for ${holdMs} ms`, countedFrom: Date.now() };
  },
};

export const pauseBroker: Fault = {
  keys: broker,
  inflict: async ({ world, planned: { holdMs } }) => {
    world.stack.nats.pause();
    await hold(holdMs);
    world.stack.nats.resume();
    return { what: `the broker paused for ${holdMs} ms`, countedFrom: Date.now() };
  },
};

export const killPostgres: Fault = {
  keys: () => ["postgres"],
  inflict: async ({ world, planned: { holdMs, variant } }) => {
    const { postgres } = world.stack;
    // SIGQUIT is Postgres' own immediate stop: no checkpoint, connections are dropped, recovery at the next start.
    if (variant === 0) await postgres.kill();
    else process.kill(postgres.pid, "SIGQUIT");
    await hold(holdMs);
    await postgres.restart();
    const how = variant === 0 ? "kill -9" : "an immediate stop";
    return { what: `${how} of Postgres, down for ${holdMs} ms`, countedFrom: Date.now() };
  },
};

export const fillBrokerStore: Fault = {
  keys: broker,
  inflict: async ({ world, planned: { holdMs } }) => {
    const disk = world.disks.broker;
    if (disk === undefined) return cannotMount();
    await disk.fill();
    await hold(holdMs);
    await disk.free();
    // The broker stays frozen after the space has come back: a restart belongs to the cure.
    await world.stack.nats.kill();
    await world.stack.nats.restart();
    return { what: `the broker's disk full for ${holdMs} ms`, countedFrom: Date.now() };
  },
};

export const fillArtifactStore: Fault = {
  keys: () => ["artifacts"],
  inflict: async ({ world, planned: { holdMs } }) => {
    const disk = world.disks.artifacts;
    if (disk === undefined) return cannotMount();
    await disk.fill();
    await hold(holdMs);
    await disk.free();
    return { what: `the artifact store full for ${holdMs} ms`, countedFrom: Date.now() };
  },
};

/** The broker comes back with an older copy of its store: what it has acknowledged since then, it has never seen. */
export const forgetInBroker: Fault = {
  keys: broker,
  inflict: async ({ world, load, planned: { holdMs, number } }) => {
    const store = join(world.stack.directory, "nats", "store");
    const copy = join(world.directory, `store-${number}`);
    const copiedFrom = Date.now();
    await copyWhileWritten(store, copy);
    await hold(holdMs);
    await world.stack.nats.kill();
    for (const name of await readdir(store)) await rm(join(store, name), { recursive: true, force: true });
    await cp(copy, store, { recursive: true });
    await rm(copy, { recursive: true });
    await world.stack.nats.restart();
    const countedFrom = Date.now();
    const said = await load.publishAgain(copiedFrom);
    const forgottenMs = countedFrom - copiedFrom;
    const what = `the broker forgot its last ${forgottenMs} ms; outside systems said ${said} events again`;
    return { what, countedFrom };
  },
};

const copyAttempts = 20;

/** Files that vanish while they are copied make the copy begin again. */
async function copyWhileWritten(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rm(to, { recursive: true, force: true });
      await cp(from, to, { recursive: true });
      return;
    } catch (error) {
      const hasVanished = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!hasVanished || attempt === copyAttempts) throw error;
    }
  }
}

function cannotMount() {
  const skipped = "no small disk could be mounted; it needs Linux, root and the right to mount";
  return { what: "nothing", countedFrom: Date.now(), skipped };
}
