import type { StreamDefinition } from "@cascade/contracts";
import { JetStreamApiCodes, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { hasApiCode } from "./api-error.ts";
import { ensureStream } from "./provision.ts";

interface KeyValueEntry {
  readonly value: unknown;
  /** Rises with every write. */
  readonly revision: number;
}

export interface KeyValueOptions {
  readonly connection: NatsConnection;
  readonly stream: StreamDefinition;
  readonly timeoutMs: number;
  /** Of the bucket, where this process makes it. */
  readonly replicas?: number;
}

/** A key-value bucket of JetStream, without the rights to list or watch it. Keys are whole subjects. */
export interface KeyValue {
  /** Undefined where there is no value. Throws where the broker does not answer or has no such bucket. */
  get(subject: string): Promise<KeyValueEntry | undefined>;
  /** Writes where the value is still the one of that revision, 0 for none; false where it is another one by now. */
  put(subject: string, value: unknown, revision: number): Promise<boolean>;
  /** Makes the bucket where the broker has none. */
  ensure(): Promise<void>;
}

export function openKeyValue({ connection, stream, timeoutMs, replicas = 1 }: KeyValueOptions): KeyValue {
  const manager = jetstreamManager(connection, { checkAPI: false, timeout: timeoutMs });
  const publisher = jetstream(connection);
  return {
    get: async (subject) => {
      const found = await (await manager).direct.getMessage(stream.name, { last_by_subj: subject });
      return found === null ? undefined : { value: found.json(), revision: found.seq };
    },
    put: async (subject, value, revision) => {
      try {
        await publisher.publish(subject, JSON.stringify(value), {
          timeout: timeoutMs,
          expect: { streamName: stream.name, lastSubjectSequence: revision },
        });
        return true;
      } catch (error) {
        if (hasApiCode(error, JetStreamApiCodes.StreamWrongLastSequence)) return false;
        throw error;
      }
    },
    ensure: async () => {
      await ensureStream(await manager, stream, replicas);
    },
  };
}
