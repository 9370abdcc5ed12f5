import { setTimeout as delay } from "node:timers/promises";
import { LocalError, reasonOf } from "../errors.ts";
import { clearOrphan } from "./pid-file.ts";
import { assertPortFree, chooseFreePort, portTaken } from "./ports.ts";
import { sendSignal } from "./process-table.ts";
import {
  type ServerCommand,
  type ServerProcess,
  type ServerSettings,
  spawnServer,
} from "./server-process.ts";

/** What differs between the servers. */
export interface ServerDefinition extends ServerSettings {
  readonly name: string;
  readonly host: string;
  /** 0 stands for any free one. */
  readonly port: number;
  /** The setting to change where the port is taken. */
  readonly portSetting: string;
  readonly startLimitMs: number;
  /** Puts everything on disk in order before each start. */
  prepare(port: number): Promise<ServerCommand>;
  /** Throws while the server does not do its work; a LocalError ends the waiting. */
  probe(port: number): Promise<void>;
  onExit(reason: string): void;
}

export interface RunningServer {
  readonly port: number;
  /** Changes with each start. */
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
}

const freePortAttempts = 5;

export async function runServer(definition: ServerDefinition): Promise<RunningServer> {
  let { port, running } = await startOnSomePort(definition);
  let isWanted = true;
  const watchForExit = (server: ServerProcess) =>
    void server.ended.then((reason) => {
      if (isWanted && server === running) definition.onExit(reason);
    });
  watchForExit(running);

  return {
    port,
    get pid() {
      return running.pid;
    },
    stop: async () => {
      isWanted = false;
      await running.stop();
    },
    kill: async () => {
      isWanted = false;
      await running.kill();
    },
    pause: () => sendSignal(running.pid, "SIGSTOP"),
    resume: () => sendSignal(running.pid, "SIGCONT"),
    restart: async () => {
      isWanted = false;
      await running.stop();
      running = await startOnce(definition, port);
      isWanted = true;
      watchForExit(running);
    },
  };
}

async function startOnSomePort(definition: ServerDefinition) {
  const { port, host } = definition;
  if (port !== 0) return { port, running: await startOnce(definition, port) };
  for (let attempt = 1; ; attempt++) {
    const free = await chooseFreePort(host);
    try {
      return { port: free, running: await startOnce(definition, free) };
    } catch (error) {
      const lostTheRace = error instanceof LocalError && error.code === "PORT_TAKEN";
      if (!lostTheRace || attempt === freePortAttempts) throw error;
    }
  }
}

async function startOnce(definition: ServerDefinition, port: number): Promise<ServerProcess> {
  const { name, host, portSetting } = definition;
  // First the orphan, which may be what holds the port.
  await clearOrphan(definition.pidPath, name, definition.stopLimitMs);
  await assertPortFree(port, host, name, portSetting);
  const server = await spawnServer(await definition.prepare(port), definition);
  try {
    await waitUntilReady(definition, port, server);
    return server;
  } catch (error) {
    await server.kill();
    throw error;
  }
}

async function waitUntilReady(
  definition: ServerDefinition,
  port: number,
  server: ServerProcess,
): Promise<void> {
  const { name, host, portSetting, startLimitMs, logPath } = definition;
  const giveUpAt = performance.now() + startLimitMs;
  let lastAnswer: unknown = "none";
  for (;;) {
    const ended = server.endReason();
    if (ended !== undefined || performance.now() > giveUpAt) {
      const log = await server.log();
      if (ended !== undefined && /address already in use/i.test(log)) {
        throw portTaken(port, host, name, portSetting);
      }
      throw new LocalError(
        "SERVER_DID_NOT_START",
        `${name} ${ended ?? `was not ready within ${startLimitMs} ms`}. The end of ${logPath} says why:\n${log}`,
        { cause: lastAnswer },
      );
    }
    try {
      return await definition.probe(port);
    } catch (error) {
      if (error instanceof LocalError) throw error;
      lastAnswer = reasonOf(error);
      await Promise.race([delay(20), server.ended]);
    }
  }
}
