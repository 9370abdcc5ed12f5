import { z } from "zod";

const milliseconds = z.coerce.number().int().positive();

/** Every limit of the runtime, with the value that is used where a service says nothing else. */
export const MessagingSettings = z.object({
  /** How long an event may stay unacknowledged before the broker delivers it again; prolonged while we work. */
  ackWaitMs: milliseconds.default(1000),
  prefetch: z.coerce.number().int().positive().default(100),
  batchSizeMax: z.coerce.number().int().positive().default(100),
  gatherConcurrency: z.coerce.number().int().positive().default(8),
  gatherTimeoutMs: milliseconds.default(60_000),
  attemptsMax: z.coerce.number().int().positive().default(5),
  retryBaseMs: milliseconds.default(200),
  retryMaxMs: milliseconds.default(30_000),
  /** How long a publisher owns an outbox row before the sweep of any replica may take it. */
  publishClaimMs: milliseconds.default(1000),
  publishTimeoutMs: milliseconds.default(5000),
  /** How long the broker may take to say what a stream or a durable is at. One that is gone is noticed before. */
  brokerTimeoutMs: milliseconds.default(5000),
  /** How often it is asked at the start: where many services start at once on one machine, it may answer late. */
  startAttemptsMax: z.coerce.number().int().positive().default(4),
  publishConcurrency: z.coerce.number().int().positive().default(256),
  sweepIntervalMs: milliseconds.default(500),
  sweepBatchSize: z.coerce.number().int().positive().default(200),
  /** How often parked events are looked for that this build understands. */
  parkedSweepIntervalMs: milliseconds.default(5000),
  outboxRetentionMs: milliseconds.default(7 * 24 * 3_600_000),
  inboxRetentionMs: milliseconds.default(30 * 24 * 3_600_000),
  jobPollIntervalMs: milliseconds.default(500),
  jobLeaseMs: milliseconds.default(10_000),
  /** How long a stop waits for running jobs before it hands them back. */
  jobStopGraceMs: milliseconds.default(5000),
  /** How often a durable is compared with its stream. */
  consumerCheckIntervalMs: milliseconds.default(4000),
  /** How often a stream is asked whether it still holds what was published to it. */
  streamCheckIntervalMs: milliseconds.default(4000),
  eventDepthMax: z.coerce.number().int().positive().default(64),
  replicas: z.coerce.number().int().min(1).max(5).default(1),
});

export type MessagingSettings = z.infer<typeof MessagingSettings>;
