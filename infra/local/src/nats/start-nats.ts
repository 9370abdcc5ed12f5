import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";
import { assertPortFree } from "../process/ports.ts";
import { runServer } from "../process/running-server.ts";

export interface NatsOptions {
  /** Keeps the JetStream store, the configuration and the log. */
  readonly directory: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Serves /healthz, /varz and the like; off where left out. */
  readonly monitorPort?: number;
  /** Path of the server program, as found by `findNatsServer`. */
  readonly binary: string;
  readonly host?: string;
  /**
   * True, the default, has every message on disk before it is acknowledged, so that a power failure loses
   * nothing. False is faster and still survives a crash of the server.
   */
  readonly durable?: boolean;
  /** Further settings of the server, such as accounts. */
  readonly settings?: object;
  /** The seed of a user who may ask `$JS.API.INFO`, where the server has accounts; to see whether it is up. */
  readonly probeSeed?: string;
  /** The certificates that the readiness check trusts, where the server has TLS; the text, not a file. */
  readonly probeCa?: string;
  /** What JetStream may store; where left out, the server takes what the disk has room for as the limit. */
  readonly storeBytesMax?: number;
  readonly startLimitMs?: number;
  readonly stopLimitMs?: number;
  /** The setting that the error names where the port is taken. */
  readonly portSetting?: string;
  /** Told when the server has ended without being asked to. */
  onExit?(reason: string): void;
}

export interface RunningNats {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>;
  /** Freezes the server: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts the server again on the same port and store, also after `kill`. */
  restart(): Promise<void>;
}

const payloadMaxBytes = 1024 * 1024;

/** Starts a NATS server with JetStream and resolves when JetStream answers. */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const directory = resolve(options.directory);
  const host = options.host ?? "127.0.0.1";
  await mkdir(directory, { recursive: true });
  const configPath = join(directory, "nats-server.conf");
  const { monitorPort } = options;

  const server = await runServer({
    name: "NATS",
    host,
    port: options.port,
    portSetting: options.portSetting ?? "CASCADE_NATS_PORT",
    logPath: join(directory, "nats.log"),
    pidPath: join(directory, "nats.pid.json"),
    startLimitMs: options.startLimitMs ?? 60_000,
    stopLimitMs: options.stopLimitMs ?? 10_000,
    stopSignal: "SIGTERM",
    prepare: async (port) => {
      if (monitorPort !== undefined) {
        await assertPortFree(monitorPort, host, "the monitor of NATS", "monitorPort");
      }
      // The server's configuration language has JSON as a subset, which needs no escaping of our own.
      const config = {
        host,
        port,
        server_name: "cascade-local",
        ...(monitorPort === undefined ? {} : { http: `${host}:${monitorPort}` }),
        max_payload: payloadMaxBytes,
        ...options.settings,
        jetstream: {
          store_dir: join(directory, "store"),
          sync_interval: (options.durable ?? true) ? "always" : "2m",
          ...(options.storeBytesMax === undefined ? {} : { max_file_store: options.storeBytesMax }),
        },
      };
      await writeFile(configPath, `${JSON.stringify(config, null, 2)}\n`);
      return { binary: options.binary, arguments: ["--config", configPath] };
    },
    probe: (port) => probeJetStream(urlOf(host, port), options),
    onExit: (reason) => options.onExit?.(reason),
  });
  return {
    url: urlOf(host, server.port),
    port: server.port,
    get pid() {
      return server.pid;
    },
    stop: server.stop,
    kill: server.kill,
    pause: server.pause,
    resume: server.resume,
    restart: server.restart,
  };
}

function urlOf(host: string, port: number): string {
  return `nats://${host}:${port}`;
}

async function probeJetStream(url: string, { probeSeed, probeCa }: NatsOptions): Promise<void> {
  const connection = await connect({
    servers: url,
    name: "readiness",
    inboxPrefix: "_INBOX_provisioner",
    reconnect: false,
    timeout: 2000,
    ...(probeSeed === undefined
      ? {}
      : { authenticator: nkeyAuthenticator(new TextEncoder().encode(probeSeed)) }),
    ...(probeCa === undefined ? {} : { tls: { ca: probeCa } }),
  });
  try {
    await connection.request("$JS.API.INFO", undefined, { timeout: 2000 });
  } finally {
    await connection.close();
  }
}
