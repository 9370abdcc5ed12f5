import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { PostgresError } from "./errors.ts";
import { limited } from "./query.ts";

export interface Listener {
  close(): Promise<void>;
}

export interface ListenOptions {
  createClient(): pg.Client;
  readonly channel: string;
  onNotify(payload: string | undefined): void;
  onError(error: Error): void;
}

interface Connection {
  readonly client: pg.Client;
  /** Resolves with the reason when the connection is no longer of use. */
  readonly lost: Promise<Error>;
}

const retryFirstMs = 100;
const retryMaxMs = 5000;
// A connection that only listens would never notice that the other end is gone.
const heartbeatMs = 10_000;
const heartbeatTimeoutMs = 5000;
const closeLimitMs = 1000;

/** Listens on a channel until closed, over a connection that is opened again whenever it breaks. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const stop = new AbortController();
  const first = await open(options, stop.signal);
  const following = follow(first, options, stop.signal);
  return {
    close: () => {
      stop.abort();
      return following;
    },
  };
}

async function follow(first: Connection, options: ListenOptions, stop: AbortSignal): Promise<void> {
  let connection = first;
  for (;;) {
    const reason = await connection.lost;
    await end(connection.client);
    if (stop.aborted) return;
    options.onError(reason);
    const next = await reopen(options, stop);
    if (next === undefined) return;
    connection = next;
    notify(options, undefined);
  }
}

async function reopen(options: ListenOptions, stop: AbortSignal): Promise<Connection | undefined> {
  for (let waitMs = retryFirstMs; !stop.aborted; waitMs = Math.min(waitMs * 2, retryMaxMs)) {
    await delay(waitMs, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) break;
    try {
      return await open(options, stop);
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return undefined;
}

async function open(options: ListenOptions, stop: AbortSignal): Promise<Connection> {
  const client = options.createClient();
  const lost = new Promise<Error>((resolve) => {
    client.on("error", resolve);
    client.once("end", () => resolve(new Error("the connection that listens was closed")));
    stop.addEventListener("abort", () => resolve(new Error("listening was stopped")), { once: true });
    void beat(client, stop).then(resolve, () => {});
  });
  client.on("notification", ({ payload }) => notify(options, payload ?? ""));
  try {
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(options.channel)}`);
  } catch (error) {
    await end(client);
    throw new PostgresError("DATABASE_UNAVAILABLE", "The database cannot be reached; see the cause.", {
      cause: error,
    });
  }
  return { client, lost };
}

/** Asks the server now and then, and resolves with the reason once it does not answer. */
async function beat(client: pg.Client, stop: AbortSignal): Promise<Error> {
  const ended = new AbortController();
  client.once("end", () => ended.abort());
  const signal = AbortSignal.any([stop, ended.signal]);
  for (;;) {
    await delay(heartbeatMs, undefined, { signal, ref: false });
    try {
      await client.query(limited("select 1", heartbeatTimeoutMs));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** A failing listener is reported; thrown from the socket's event it would end the process. */
function notify({ onNotify, onError }: ListenOptions, payload: string | undefined): void {
  try {
    onNotify(payload);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Says goodbye, but does not wait long for a server that may be gone. */
async function end(client: pg.Client): Promise<void> {
  const limit = new AbortController();
  const tooLong = delay(closeLimitMs, undefined, { signal: limit.signal }).catch(() => {});
  await Promise.race([client.end().catch(() => {}), tooLong]);
  limit.abort();
}
