import type { PlantedBug } from "@cascade/testing/plant-bug";

const runtime = "messaging/src/runtime/";

interface SimulatedBug extends PlantedBug {
  /** Where the search for a world that shows the bug begins: one that did, so that it need not be long. Default 1. */
  readonly firstSeed?: number;
}

/** Bugs that people write, each in the real runtime; files below `libs/`. The simulation has to notice every one of them. */
export const plantedBugs: readonly SimulatedBug[] = [
  {
    name: "acknowledges before the commit",
    file: `${runtime}handle-events.ts`,
    right: "const reasons = new Map<string, string>();",
    wrong: "const reasons = new Map<string, string>(); for (const { delivery } of batch) delivery.ack();",
  },
  {
    name: "publishes before the commit",
    firstSeed: 87,
    file: `${runtime}transact.ts`,
    right: "planned = planJobs(",
    wrong: "void world.relay.publish(consequences.outbox); planned = planJobs(",
  },
  {
    name: "has no inbox",
    file: `${runtime}handle-events.ts`,
    right: "firstOfEach(batch.filter(({ event }) => received.has(event.id)))",
    wrong: "firstOfEach(batch)",
  },
  {
    name: "takes a place in the stream for the identity of an event",
    file: `${runtime}handle-events.ts`,
    right: "firstOfEach(batch.filter(({ event }) => received.has(event.id)))",
    wrong: `firstOfEach(batch.filter(({ event, delivery }) => {
      const seen = ((world as any).seen ??= new Map());
      const first = seen.get(delivery.position.sequence) ?? event.id;
      seen.set(delivery.position.sequence, first);
      return first === event.id && received.has(event.id);
    }))`,
  },
  {
    name: "handles an event twice that stands twice in a batch",
    firstSeed: 428,
    file: `${runtime}handle-events.ts`,
    right: "firstOfEach(batch.filter(({ event }) => received.has(event.id)))",
    wrong: "batch.filter(({ event }) => received.has(event.id))",
  },
  {
    name: "does not serialise the effects on a pipeline",
    firstSeed: 138,
    file: `${runtime}handle-events.ts`,
    right: "batch.map(({ event }) => event.pipeline),\n      );",
    wrong: "[],\n      );",
  },
  {
    name: "does not serialise the ends of jobs",
    firstSeed: 36,
    file: `${runtime}job-worker.ts`,
    right: "world.store.lockPipelines(tx, [claimed.pipeline]);",
    wrong: "",
  },
  {
    name: "asks for a redelivery at once",
    firstSeed: 13,
    file: `${runtime}consume.ts`,
    right: "delivery.retryIn(delayMs);",
    wrong: "delivery.retryIn(0);",
  },
  {
    name: "acknowledges what has failed",
    file: `${runtime}failure.ts`,
    right: "return delivery.retryIn(delayMs);",
    wrong: "return delivery.ack();",
  },
  {
    name: "does not count attempts",
    file: `${runtime}failure.ts`,
    right: "if (final === undefined && attempts < attemptsMax) {",
    wrong: "if (final === undefined) {",
  },
  {
    name: "gives up one attempt early",
    file: `${runtime}failure.ts`,
    right: "attempts < attemptsMax",
    wrong: "attempts < attemptsMax - 1",
  },
  {
    name: "tries again what can never be handled",
    file: `${runtime}failure.ts`,
    right: 'if (error instanceof Reject) return "rejected";',
    wrong: "",
  },
  {
    name: "drops what it sets aside",
    file: `${runtime}failure.ts`,
    right: "await setAside(world, reaction.name, delivery, { reason, error, attempts });",
    wrong: "",
  },
  {
    name: "passes over versions from the future",
    file: `${runtime}failure.ts`,
    right: "await setAside(world, reaction.name, delivery, { reason, error, attempts });",
    wrong:
      'if (reason !== "unsupported-version") await setAside(world, reaction.name, delivery, { reason, error, attempts });',
  },
  {
    name: "loses the bytes of a dead letter",
    file: `${runtime}failure.ts`,
    right: "payload: raw.payload,",
    wrong: "payload: new Uint8Array(),",
  },
  {
    name: "records a dead letter at every delivery",
    file: `${runtime}failure.ts`,
    right: "if (fresh.size === 0) return;",
    wrong: "",
  },
  {
    name: "marks as published what may not be stored",
    file: `${runtime}relay.ts`,
    right: "metrics.publishFailed(row.eventType);",
    wrong: "metrics.publishFailed(row.eventType); marking.push(mark({ eventId: row.eventId, sequence: 0 }));",
  },
  {
    name: "never sweeps the outbox",
    file: `${runtime}relay.ts`,
    right: "while (count === settings.sweepBatchSize) count = await track(sweep());",
    wrong: "",
  },
  {
    name: "publishes an event under another id",
    file: `${runtime}relay.ts`,
    right: "await broker.publish(row, settings.publishTimeoutMs)",
    wrong: 'await broker.publish({ ...row, eventId: row.eventId + "-again" }, settings.publishTimeoutMs)',
  },
  {
    name: "does not name the cause of an event",
    file: `${runtime}outgoing.ts`,
    right: "causationid: origin.cause.eventId",
    wrong: 'causationid: "unknown"',
  },
  {
    name: "holds a lease without fencing",
    firstSeed: 78,
    file: `${runtime}job-worker.ts`,
    right: "if (!(await ending)) return false;",
    wrong: "await ending;",
  },
  {
    name: "does not prolong a lease",
    file: `${runtime}job-worker.ts`,
    right: "world.store.extendLease(world.database, claimed, leaseMs).then(",
    wrong: "Promise.resolve(true).then(",
  },
  {
    name: "tries a job for ever",
    file: `${runtime}job-worker.ts`,
    right: "claimed.attempt >= job.settings.attempts",
    wrong: "false",
  },
  {
    name: "keeps a slot for a job that was rolled back",
    firstSeed: 761,
    file: `${runtime}transact.ts`,
    right: "planned?.abandon();",
    wrong: "",
  },
  {
    name: "takes a lost answer to a commit for a commit",
    firstSeed: 28,
    file: "postgres/src/transaction.ts",
    right: "if (isConnectionError(error)) throw error;",
    wrong: "if (isConnectionError(error)) return undefined as never;",
  },
  {
    name: "does not look at what it has sent with the commit",
    firstSeed: 113,
    file: "postgres/src/transaction.ts",
    right: 'const [{ command }] = await Promise.all([client.query("commit"), ...sent]);',
    wrong: 'await client.query("commit"); const command = "COMMIT";',
  },
  {
    name: "begins a durable that was deleted with what is new",
    file: `${runtime}consume.ts`,
    right: "new Date(world.now().getTime() - rememberedMs)",
    wrong: "world.now()",
  },
  {
    name: "does not compare consumers with their streams",
    firstSeed: 1401,
    file: `${runtime}check-consumer.ts`,
    right: "return consumer.deliveredSequence > stream.lastSequence;",
    wrong: "return false;",
  },
  {
    name: "does not compare outboxes with their streams",
    file: `${runtime}watch-streams.ts`,
    right: "if (all || !isKnown || !(await holdsTheNewest(stream)))",
    wrong: "if (false)",
  },
  {
    name: "looks at the newest event only",
    firstSeed: 26,
    file: `${runtime}watch-streams.ts`,
    right: "all || !isKnown || ",
    wrong: "",
  },
  {
    name: "does not notice that a stream was made again",
    firstSeed: 178,
    file: `${runtime}watch-streams.ts`,
    right: "!isKnown || ",
    wrong: "",
  },
  {
    name: "redrives what was redriven",
    file: `${runtime}apply-letter.ts`,
    right: "world.store.closeDeadLetter(tx, letter.deadLetterId);",
    wrong: "",
  },
  {
    name: "redrives in two places at once",
    file: `${runtime}apply-letter.ts`,
    right: "if ((await world.store.lockOpenDeadLetter(tx, letter.deadLetterId)) === undefined) return;",
    wrong: "",
  },
];
