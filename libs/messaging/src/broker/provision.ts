import type { StreamDefinition } from "@cascade/contracts";
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { PermissionViolationError, RequestError } from "@nats-io/transport-node";
import { hasApiCode } from "./api-error.ts";

const nanosecondsPerMillisecond = 1_000_000;

/**
 * Creates a stream or brings an existing one in line with its definition, and returns when it was created, in the
 * broker's words. Safe to call from many places.
 */
export async function ensureStream(
  manager: JetStreamManager,
  definition: StreamDefinition,
  replicas: number,
): Promise<string> {
  const config = streamConfig(definition, replicas);
  try {
    const { config: present, created } = await manager.streams.info(definition.name);
    if (!isInLine(present, config)) await updateWherePermitted(manager, config);
    return created;
  } catch (error) {
    if (!hasApiCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
    const { created } = await manager.streams.add(config);
    return created;
  }
}

/** A service may make its stream and not change it: that is left to whoever provisions. */
async function updateWherePermitted(manager: JetStreamManager, config: NamedConfig): Promise<void> {
  try {
    await manager.streams.update(config.name, config);
  } catch (error) {
    // The client wraps what the broker says of a request.
    const refusal = error instanceof RequestError ? error.cause : error;
    if (!(refusal instanceof PermissionViolationError)) throw error;
  }
}

type NamedConfig = Partial<StreamConfig> & { name: string };

function streamConfig(definition: StreamDefinition, replicas: number): NamedConfig {
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
    ...(definition.keyValue === true ? { max_msgs_per_subject: 1 } : {}),
    ...(definition.sources === undefined
      ? {}
      : {
          sources: definition.sources.map(({ stream, filters }) => ({
            name: stream,
            subject_transforms: filters.map((src) => ({ src, dest: "" })),
          })),
        }),
  };
}

function isInLine(present: StreamConfig, wanted: Partial<StreamConfig>): boolean {
  const sameSubjects =
    [...(present.subjects ?? [])].sort().join(" ") === [...(wanted.subjects ?? [])].sort().join(" ");
  const keys = [
    "discard",
    "max_bytes",
    "max_age",
    "max_msg_size",
    "duplicate_window",
    "num_replicas",
  ] as const;
  const sources = (config: Partial<StreamConfig>) =>
    (config.sources ?? [])
      .flatMap(({ name, subject_transforms }) =>
        (subject_transforms ?? []).map(({ src }) => `${name} ${src}`),
      )
      .sort()
      .join(",");
  return (
    sameSubjects && sources(present) === sources(wanted) && keys.every((key) => present[key] === wanted[key])
  );
}

export interface DurableDefinition {
  readonly name: string;
  readonly stream: string;
  readonly filterSubject: string;
  readonly ackWaitMs: number;
}

/** One durable of the broker: when it was created, in the broker's words, and how far it has delivered. */
export interface DurableState {
  readonly created: string;
  readonly deliveredSequence: number;
}

/** `created`: when, in the broker's words. `isNew`: it was not there before. */
export interface EnsuredDurable {
  readonly created: string;
  readonly isNew: boolean;
}

/** Undefined where there is no such durable, or no such stream. */
export async function durableState(
  manager: JetStreamManager,
  { stream, name }: Pick<DurableDefinition, "stream" | "name">,
): Promise<DurableState | undefined> {
  try {
    const { created, delivered } = await manager.consumers.info(stream, name);
    return { created, deliveredSequence: delivered.stream_seq };
  } catch (error) {
    const isGone =
      hasApiCode(error, JetStreamApiCodes.ConsumerNotFound) ||
      hasApiCode(error, JetStreamApiCodes.StreamNotFound);
    if (isGone) return undefined;
    throw error;
  }
}

/** Has a durable begin again: what it has delivered before is delivered once more. */
export async function deleteDurable(
  manager: JetStreamManager,
  { stream, name }: Pick<DurableDefinition, "stream" | "name">,
): Promise<void> {
  try {
    await manager.consumers.delete(stream, name);
  } catch (error) {
    if (!hasApiCode(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
  }
}

/**
 * Creates a durable or updates its settings. `max_deliver` is endless: attempts
 * are counted in the inbox, and the broker never drops an event. A new one delivers what was stored since
 * `startAt`, or everything where that is left out.
 */
export async function ensureDurable(
  manager: JetStreamManager,
  definition: DurableDefinition,
  startAt: Date | undefined,
): Promise<EnsuredDurable> {
  const settings = {
    filter_subject: definition.filterSubject,
    ack_wait: definition.ackWaitMs * nanosecondsPerMillisecond,
  };
  try {
    const { config: present, created } = await manager.consumers.info(definition.stream, definition.name);
    if (present.ack_wait !== settings.ack_wait || present.filter_subject !== settings.filter_subject) {
      await manager.consumers.update(definition.stream, definition.name, settings);
    }
    return { created, isNew: false };
  } catch (error) {
    if (!hasApiCode(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    const { created } = await manager.consumers.add(definition.stream, {
      ...settings,
      durable_name: definition.name,
      ack_policy: AckPolicy.Explicit,
      ...(startAt === undefined
        ? { deliver_policy: DeliverPolicy.All }
        : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: startAt.toISOString() }),
      max_deliver: -1,
      max_ack_pending: 1000,
    });
    return { created, isNew: true };
  }
}
