import type { Fault } from "./fault.ts";
import { hold, replicaKeys } from "./fault.ts";

export const killReplica: Fault = {
  keys: replicaKeys,
  inflict: async ({ world, planned }) => {
    const { replica, holdMs } = planned;
    const { name } = world.replica(replica);
    const countedFrom = Date.now();
    await world.kill(replica);
    await hold(holdMs);
    await world.bringBack(replica);
    return { what: `kill -9 of ${replica}, down for ${holdMs} ms`, affected: [name], countedFrom };
  },
};

/** The replica is started anew with a crash point, dies there and is brought back without by the supervisor. */
export const crashAtPoint: Fault = {
  keys: replicaKeys,
  inflict: async ({ world, planned }) => {
    const { replica, crashPoint, nth, holdMs } = planned;
    const { name } = world.replica(replica);
    const startedAt = Date.now();
    await world.kill(replica);
    await world.bringBack(replica, { CASCADE_CRASH: `${crashPoint}:${nth}` });
    const exit = await world.awaitExit(replica, startedAt, holdMs);
    if (exit !== undefined) {
      await world.allUp();
      return { what: `${replica} died at ${crashPoint}:${nth}`, affected: [name], countedFrom: exit.at };
    }
    const countedFrom = Date.now();
    await world.kill(replica);
    await world.bringBack(replica);
    const what = `${replica} did not pass ${crashPoint}:${nth} within ${holdMs} ms, so it was killed`;
    return { what, affected: [name], countedFrom };
  },
};

export const pauseReplica: Fault = {
  keys: replicaKeys,
  inflict: async ({ world, planned }) => {
    const { replica, holdMs } = planned;
    await world.allUp();
    const { name, pid } = world.replica(replica);
    if (pid === undefined) throw new Error(`${replica} has no process of its own`);
    process.kill(pid, "SIGSTOP");
    await hold(holdMs);
    process.kill(pid, "SIGCONT");
    return { what: `${replica} paused for ${holdMs} ms`, affected: [name], countedFrom: Date.now() };
  },
};

const stormPauseMs = 1500;

export const restartStorm: Fault = {
  keys: replicaKeys,
  inflict: async ({ world, planned }) => {
    const { replica, holdMs } = planned;
    const { name } = world.replica(replica);
    const until = Date.now() + holdMs;
    let restarts = 0;
    do {
      await world.terminate(replica);
      await world.bringBack(replica);
      restarts += 1;
      await hold(stormPauseMs);
    } while (Date.now() < until);
    return { what: `${replica} restarted ${restarts} times`, affected: [name], countedFrom: Date.now() };
  },
};

export const cutConnection: Fault = {
  keys: replicaKeys,
  inflict: async ({ world, planned }) => {
    const { replica, server, holdMs, variant } = planned;
    const { name } = world.replica(replica);
    const proxy = world.proxy(replica, server);
    if (variant === 0) proxy.silence();
    else proxy.cut();
    await hold(holdMs);
    proxy.restore();
    const how = variant === 0 ? "went silent" : "was reset";
    const what = `the connection of ${replica} to ${server} ${how} for ${holdMs} ms`;
    return { what, affected: [name], countedFrom: Date.now() };
  },
};
