import { AckPolicy, jetstream, jetstreamManager, StorageType } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import pg from "pg";

export interface BareChain {
  /** Sends one message through all hops; resolves with the milliseconds it took. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

/** The floor of an event-driven chain: each hop consumes, commits one transaction, publishes and acknowledges. */
export async function startBareChain(
  connection: NatsConnection,
  postgresUrl: string,
  hops: number,
): Promise<BareChain> {
  const pool = new pg.Pool({ connectionString: postgresUrl, max: hops });
  await pool.query("create table if not exists bare_chain (hop int, id text, primary key (hop, id))");
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: "BARE", subjects: ["bare.>"], storage: StorageType.File });
  const client = jetstream(connection);
  const done = new Map<string, () => void>();
  const stops: (() => Promise<unknown>)[] = [];
  for (let hop = 0; hop < hops; hop++) {
    const name = `hop-${hop}`;
    await manager.consumers.add("BARE", {
      durable_name: name,
      filter_subject: `bare.${hop}`,
      ack_policy: AckPolicy.Explicit,
    });
    const messages = await (await client.consumers.get("BARE", name)).consume();
    const loop = (async () => {
      for await (const message of messages) {
        const id = message.string();
        const transaction = await pool.connect();
        await transaction.query("begin");
        await transaction.query("insert into bare_chain values ($1, $2)", [hop, id]);
        await transaction.query("commit");
        transaction.release();
        if (hop + 1 < hops) await client.publish(`bare.${hop + 1}`, id);
        message.ack();
        if (hop + 1 === hops) done.get(id)?.();
      }
    })();
    stops.push(async () => {
      await messages.close();
      await loop;
    });
  }
  let count = 0;
  return {
    run: async () => {
      count += 1;
      const id = `run-${count}`;
      const finished = new Promise<void>((resolve) => done.set(id, resolve));
      const startedAt = performance.now();
      await client.publish("bare.0", id);
      await finished;
      return performance.now() - startedAt;
    },
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
      await pool.end();
    },
  };
}
