import type { StreamDefinition } from "@cascade/contracts";
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";

const nanosecondsPerMillisecond = 1_000_000;

/** Creates a stream or brings an existing one in line with its definition. Safe to call from many places. */
export async function ensureStream(
  manager: JetStreamManager,
  definition: StreamDefinition,
  replicas: number,
): Promise<void> {
  const config = streamConfig(definition, replicas);
  try {
    const { config: present } = await manager.streams.info(definition.name);
    if (!isInLine(present, config)) await manager.streams.update(definition.name, config);
  } catch (error) {
    if (!hasCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
    await manager.streams.add(config);
  }
}

function streamConfig(
  definition: StreamDefinition,
  replicas: number,
): Partial<StreamConfig> & { name: string } {
  return {
    name: definition.name,
    subjects: [...definition.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: definition.discard === "new" ? DiscardPolicy.New : DiscardPolicy.Old,
    max_bytes: definition.maxBytes,
    max_age: definition.maxAgeMs * nanosecondsPerMillisecond,
    max_msg_size: definition.maxMessageBytes,
    duplicate_window: definition.duplicateWindowMs * nanosecondsPerMillisecond,
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
    allow_direct: true,
  };
}

function isInLine(present: StreamConfig, wanted: Partial<StreamConfig>): boolean {
  const sameSubjects =
    [...present.subjects].sort().join(" ") === [...(wanted.subjects ?? [])].sort().join(" ");
  const keys = [
    "discard",
    "max_bytes",
    "max_age",
    "max_msg_size",
    "duplicate_window",
    "num_replicas",
  ] as const;
  return sameSubjects && keys.every((key) => present[key] === wanted[key]);
}

export interface DurableDefinition {
  readonly name: string;
  readonly stream: string;
  readonly filterSubject: string;
  readonly ackWaitMs: number;
}

/**
 * Creates a durable or updates its settings. `max_deliver` is endless: attempts are counted in the inbox,
 * and the broker never drops an event.
 */
export async function ensureDurable(manager: JetStreamManager, definition: DurableDefinition): Promise<void> {
  const config: ConsumerConfig = {
    durable_name: definition.name,
    filter_subject: definition.filterSubject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: definition.ackWaitMs * nanosecondsPerMillisecond,
    max_deliver: -1,
    max_ack_pending: 1000,
  } as ConsumerConfig;
  try {
    const { config: present } = await manager.consumers.info(definition.stream, definition.name);
    if (present.ack_wait !== config.ack_wait || present.filter_subject !== config.filter_subject) {
      await manager.consumers.update(definition.stream, definition.name, config);
    }
  } catch (error) {
    if (!hasCode(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    await manager.consumers.add(definition.stream, config);
  }
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
