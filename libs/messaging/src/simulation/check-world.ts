import type { Behaviour } from "./schedule.ts";
import type { SimWorld } from "./sim-world.ts";
import { consumedStream, ownStream, simSettings } from "./sim-world.ts";

const runtimeStream = "CASCADE_RUNTIME";
const consumer = "handle-on-dataset-ingested";

/** What is still to be done; empty when the world has come to rest. */
export function unfinished(world: SimWorld): string[] {
  const { tables } = world.database;
  const problems: string[] = [];
  if (!world.isUp()) problems.push("a replica is not up");
  for (const row of tables.outbox.values()) {
    if (row.publishedSequence === undefined) problems.push(`${row.eventId} is not published`);
    else if (world.broker.messagesOf(row.stream)[row.publishedSequence - 1]?.messageId !== row.eventId) {
      problems.push(`${row.eventId} is marked as published, and its stream does not hold it`);
    }
  }
  for (const { jobId, status } of tables.jobs.values()) {
    if (status === "queued" || status === "running") problems.push(`job ${jobId} is ${status}`);
  }
  for (const eventId of world.sent.keys()) {
    if (!tables.inbox.has(`${consumer} ${eventId}`)) problems.push(`${eventId} has not been received`);
  }
  for (const stream of [consumedStream, "CASCADE_OPERATOR"]) {
    const waiting = world.broker.waiting(stream);
    if (waiting > 0) problems.push(`${waiting} deliveries of ${stream} are unanswered`);
  }
  return problems;
}

interface Wanted {
  readonly outcome: "handled" | "ignored" | "dead" | "parked";
  readonly effects: 0 | 1;
  /** Reason of the dead letter. */
  readonly letter?: string;
}

const handled: Wanted = { outcome: "handled", effects: 1 };

const wanted: { readonly [Name in Behaviour]: Wanted } = {
  effect: handled,
  "gathered-effect": handled,
  ignored: { outcome: "ignored", effects: 0 },
  "fails-twice": handled,
  // Redriven after it was mended.
  poison: { outcome: "handled", effects: 1, letter: "attempts-exhausted" },
  rejected: { outcome: "dead", effects: 0, letter: "rejected" },
  undecodable: { outcome: "dead", effects: 0, letter: "undecodable" },
  "of-the-future": { outcome: "parked", effects: 0, letter: "unsupported-version" },
  job: handled,
  "slow-job": handled,
  "job-fails-twice": handled,
  "job-always-fails": handled,
};

/** Compares a world at rest with what was to come of its load; returns every difference. */
export function violations(world: SimWorld): string[] {
  return [
    ...checkEvents(world),
    ...checkOrder(world),
    ...checkStreams(world),
    ...checkLetters(world),
    ...checkJobs(world),
  ];
}

function checkEvents(world: SimWorld): string[] {
  const { tables } = world.database;
  const effects = countBy([...tables.effects.values()].map(({ eventId }) => eventId));
  const outcomes = countBy([...tables.outbox.values()].flatMap(({ payload }) => conclusionOf(payload) ?? []));
  return [...world.sent].flatMap(([eventId, { behaviour }]) => {
    const { outcome, effects: count } = wanted[behaviour];
    const seen = tables.inbox.get(`${consumer} ${eventId}`)?.outcome;
    return [
      ...differs(`effects of ${eventId} (${behaviour})`, effects.get(eventId) ?? 0, count),
      ...differs(`events that follow from ${eventId} (${behaviour})`, outcomes.get(eventId) ?? 0, count),
      ...differs(`outcome of ${eventId} (${behaviour})`, seen, outcome),
    ];
  });
}

/** Effects on one pipeline see one another: each has the version after the one before. */
function checkOrder({ database }: SimWorld): string[] {
  const byPipeline = Map.groupBy(database.tables.effects.values(), ({ pipeline }) => pipeline);
  return [...byPipeline].flatMap(([pipeline, effects]) => {
    const versions = effects.map(({ version }) => version).sort((a, b) => a - b);
    const isLinear = versions.every((version, index) => version === index + 1);
    return isLinear
      ? []
      : [`effects on ${pipeline} did not see one another: versions ${versions.join(", ")}`];
  });
}

function checkStreams({ broker, database }: SimWorld): string[] {
  const { outbox } = database.tables;
  const held = new Set<string>();
  const problems: string[] = [];
  for (const { eventId, headers, payload } of outbox.values()) {
    const cause = conclusionOf(payload);
    const named = headers.find(([name]) => name === "ce-causationid")?.[1];
    if (cause !== undefined) problems.push(...differs(`cause of ${eventId}`, named, cause));
  }
  for (const stream of [ownStream, runtimeStream]) {
    for (const { messageId = "without id" } of broker.messagesOf(stream)) {
      if (!outbox.has(messageId)) problems.push(`${stream} holds ${messageId}, which no outbox knows`);
      if (held.has(messageId)) problems.push(`${stream} holds ${messageId} twice`);
      held.add(messageId);
    }
  }
  for (const eventId of outbox.keys()) {
    if (!held.has(eventId)) problems.push(`no stream holds ${eventId}`);
  }
  return problems;
}

function checkLetters(world: SimWorld): string[] {
  const letters = new Map(
    [...world.database.tables.letters.values()].map((letter) => [letter.eventId, letter]),
  );
  const recorded = countBy(
    [...world.database.tables.outbox.values()].flatMap(
      ({ payload }) => recordedPattern.exec(textOf(payload))?.[1] ?? [],
    ),
  );
  const problems: string[] = [];
  for (const [eventId, { behaviour, at }] of world.sent) {
    const letter = letters.get(eventId);
    const { letter: reason } = wanted[behaviour];
    problems.push(
      ...differs(`reason of the dead letter of ${eventId} (${behaviour})`, letter?.reason, reason),
    );
    if (letter === undefined) continue;
    if (letter.payload.byteLength === 0) problems.push(`the dead letter of ${eventId} has lost its bytes`);
    problems.push(...differs(`records of the dead letter of ${eventId}`, recorded.get(eventId), 1));
    const attempts = reason === "attempts-exhausted" ? simSettings.attemptsMax : 1;
    if (letter.attempts < attempts) {
      problems.push(`${eventId} became a dead letter after ${letter.attempts} attempts`);
    }
    if (isUndisturbed(world) && reason === "attempts-exhausted") {
      const afterMs = letter.recordedAt - at;
      if (afterMs < leastRetryMs || afterMs > mostRetryMs) {
        problems.push(
          `${eventId} became a dead letter after ${afterMs} ms, wanted: ${leastRetryMs} to ${mostRetryMs}`,
        );
      }
    }
  }
  return problems;
}

function checkJobs({ database, sent }: SimWorld): string[] {
  const keys = countBy([...database.tables.jobs.values()].map(({ key }) => key));
  return [...sent].flatMap(([eventId, { behaviour }]) =>
    differs(`jobs of ${eventId}`, keys.get(eventId) ?? 0, behaviour.includes("job") ? 1 : 0),
  );
}

const conclusionPattern = /"message":"(?:done|failed) of ([^"]+)"/;

function conclusionOf(payload: Uint8Array): string | undefined {
  return conclusionPattern.exec(textOf(payload))?.[1];
}

const recordedPattern = /"event":\{"id":"([^"]+)"/;

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload).toString();
}

/** Nothing but the load itself has happened, so that the times of retries are their own. */
function isUndisturbed({ happened }: SimWorld): boolean {
  return [...happened.keys()].every((kind) => kind === "arrive");
}

const ceilings = Array.from({ length: simSettings.attemptsMax - 1 }, (_, n) =>
  Math.min(simSettings.retryMaxMs, simSettings.retryBaseMs * 2 ** n),
);
const sumOfCeilingsMs = ceilings.reduce((sum, ceiling) => sum + ceiling, 0);
// A delay is between half of its ceiling and the whole of it; each attempt itself takes a moment.
const leastRetryMs = sumOfCeilingsMs / 2;
const mostRetryMs = sumOfCeilingsMs + simSettings.attemptsMax * 1000;

function countBy(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function differs(what: string, seen: unknown, expected: unknown): string[] {
  return seen === expected ? [] : [`${what}: ${seen}, wanted: ${expected}`];
}
