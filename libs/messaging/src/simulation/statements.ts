import type { DeadLetter } from "../store/dead-letters.ts";
import type { Receipt } from "../store/inbox.ts";
import type { ClaimedJob, JobRow } from "../store/jobs.ts";
import type { OutboxRow, PublishedRow } from "../store/outbox.ts";
import type { Position } from "../store/positions.ts";
import type { View } from "./sim-session.ts";
import type { InboxEntry, JobEntry, LetterEntry, NotedProgress, OutboxEntry } from "./tables.ts";

/** What a statement sees besides the tables. Times in milliseconds of the database's own clock. */
export interface StatementContext {
  now(): number;
  nextNumber(): number;
}

const keyOf = (...parts: string[]) => parts.join(" ");

const unnoted: NotedProgress = {
  position: { sequence: 0, storedAt: new Date(0) },
  durableCreated: undefined,
  beganAt: Number.NEGATIVE_INFINITY,
  notedAt: Number.NEGATIVE_INFINITY,
};

/** What the store's statements do, in the simulated database. The store's own functions say what each is for. */
export function statementsFor({ now, nextNumber }: StatementContext) {
  const claimed = (job: JobEntry): ClaimedJob => ({
    jobId: job.jobId,
    name: job.name,
    key: job.key,
    pipeline: job.pipeline,
    payload: job.payload,
    cause: job.cause,
    attempt: job.attempts,
    fence: job.fence,
  });

  const owned = async (view: View, { jobId, fence }: ClaimedJob): Promise<JobEntry | undefined> => {
    await view.lock(keyOf("job", jobId));
    const job = view.get("jobs", jobId);
    return job?.fence === fence && job.status === "running" ? job : undefined;
  };

  return {
    insertInbox: async (view: View, consumer: string, receipts: readonly Receipt[]) => {
      const fresh = new Set<string>();
      const once = new Map(receipts.map((receipt) => [receipt.eventId, receipt]));
      for (const { eventId, position } of [...once.values()].sort((a, b) =>
        a.eventId < b.eventId ? -1 : 1,
      )) {
        const key = keyOf(consumer, eventId);
        await view.lock(keyOf("inbox", key));
        const known = view.get("inbox", key);
        const entry = known ?? { consumer, eventId, outcome: "handled" as const, reason: null };
        view.set("inbox", key, { ...entry, position, handledAt: now() });
        if (known === undefined) fresh.add(eventId);
      }
      return fresh;
    },
    markInbox: async (
      view: View,
      consumer: string,
      eventId: string,
      outcome: InboxEntry["outcome"],
      reason: string | null,
    ) => {
      const key = keyOf(consumer, eventId);
      await view.lock(keyOf("inbox", key));
      const entry = view.get("inbox", key);
      if (entry !== undefined) view.set("inbox", key, { ...entry, outcome, reason });
    },
    countAttempt: async (view: View, consumer: string, eventId: string) => {
      const key = keyOf(consumer, eventId);
      await view.lock(keyOf("attempts", key));
      const attempts = (view.get("attempts", key) ?? 0) + 1;
      view.set("attempts", key, attempts);
      return attempts;
    },
    forgetAttempts: async (view: View, consumer: string, eventIds: readonly string[]) => {
      for (const eventId of eventIds) {
        await view.lock(keyOf("attempts", consumer, eventId));
        view.delete("attempts", keyOf(consumer, eventId));
      }
    },
    lockPipelines: async (view: View, pipelines: Iterable<string>) => {
      for (const pipeline of [...new Set(pipelines)].sort()) await view.lock(keyOf("pipeline", pipeline));
    },

    insertOutbox: async (view: View, rows: readonly OutboxRow[], claimMs: number) => {
      for (const row of rows) {
        await view.lock(keyOf("outbox", row.eventId));
        view.set("outbox", row.eventId, { ...row, position: nextNumber(), claimedUntil: now() + claimMs });
      }
    },
    claimUnpublished: async (view: View, limit: number, claimMs: number): Promise<OutboxRow[]> => {
      const due = view
        .values("outbox")
        .filter((row) => row.publishedAt === undefined && row.claimedUntil < now())
        .filter((row) => !view.isLocked(keyOf("outbox", row.eventId)))
        .sort((a, b) => a.position - b.position)
        .slice(0, limit);
      // All at once, before anybody else's turn: rows that are locked are passed over.
      await Promise.all(due.map((row) => view.lock(keyOf("outbox", row.eventId))));
      for (const row of due) view.set("outbox", row.eventId, { ...row, claimedUntil: now() + claimMs });
      return due;
    },
    markPublished: async (view: View, published: readonly { eventId: string; sequence: number }[]) => {
      for (const { eventId, sequence } of published) {
        await view.lock(keyOf("outbox", eventId));
        const row = view.get("outbox", eventId);
        if (row !== undefined) {
          view.set("outbox", eventId, { ...row, publishedAt: now(), publishedSequence: sequence });
        }
      }
    },
    releaseClaims: async (view: View, eventIds: readonly string[]) => {
      for (const eventId of eventIds) {
        await view.lock(keyOf("outbox", eventId));
        const row = view.get("outbox", eventId);
        if (row?.publishedAt === undefined && row !== undefined) {
          view.set("outbox", eventId, { ...row, claimedUntil: now() });
        }
      }
    },
    unmarkPublished: async (view: View, lost: readonly PublishedRow[]) => {
      let count = 0;
      for (const { eventId, sequence } of lost) {
        await view.lock(keyOf("outbox", eventId));
        const row = view.get("outbox", eventId);
        if (row?.publishedSequence !== sequence) continue;
        const { publishedAt: _, publishedSequence: __, ...unpublished } = row;
        view.set("outbox", eventId, { ...unpublished, claimedUntil: now() - 1 });
        count += 1;
      }
      return count;
    },
    listPublishedStreams: async (view: View) => [...new Set(publishedRows(view).map(({ stream }) => stream))],
    listPublished: async (
      view: View,
      stream: string,
      { before, limit }: { readonly before?: PublishedRow; readonly limit: number },
    ): Promise<PublishedRow[]> =>
      publishedRows(view)
        .filter((row) => row.stream === stream)
        .map((row) => ({
          eventId: row.eventId,
          sequence: row.publishedSequence ?? 0,
          publishedAt: new Date(row.publishedAt ?? 0),
        }))
        .sort((a, b) => comparePublished(b, a))
        .filter((row) => before === undefined || comparePublished(row, before) < 0)
        .slice(0, limit),
    outboxBacklog: async (view: View) => {
      const waiting = view.values("outbox").filter((row) => row.publishedAt === undefined).length;
      return { waiting, oldestSeconds: 0 };
    },

    insertJobs: async (view: View, rows: readonly JobRow[]) => {
      const fresh = new Set<string>();
      for (const { leaseMs, notBefore, ...row } of rows) {
        const key = keyOf(row.name, row.key);
        await view.lock(keyOf("job-key", key));
        if (view.get("jobKeys", key) !== undefined) continue;
        await view.lock(keyOf("job", row.jobId));
        const claims = leaseMs === undefined ? 0 : 1;
        view.set("jobKeys", key, row.jobId);
        view.set("jobs", row.jobId, {
          ...row,
          status: claims === 0 ? "queued" : "running",
          attempts: claims,
          fence: claims,
          leaseUntil: now() + (leaseMs ?? 0),
          notBefore: notBefore?.getTime() ?? now(),
          order: nextNumber(),
        });
        fresh.add(row.jobId);
      }
      return fresh;
    },
    claimJob: async (view: View, name: string, leaseMs: number): Promise<ClaimedJob | undefined> => {
      const [due] = view
        .values("jobs")
        .filter((job) => job.name === name && isClaimable(job, now()))
        .filter((job) => !view.isLocked(keyOf("job", job.jobId)))
        .sort((a, b) => a.notBefore - b.notBefore || a.order - b.order);
      if (due === undefined) return undefined;
      await view.lock(keyOf("job", due.jobId));
      const job: JobEntry = {
        ...due,
        status: "running",
        attempts: due.attempts + 1,
        fence: due.fence + 1,
        leaseUntil: now() + leaseMs,
      };
      view.set("jobs", job.jobId, job);
      return claimed(job);
    },
    extendLease: async (view: View, claim: ClaimedJob, leaseMs: number) => {
      const job = await owned(view, claim);
      if (job !== undefined) view.set("jobs", job.jobId, { ...job, leaseUntil: now() + leaseMs });
      return job !== undefined;
    },
    endJob: async (view: View, claim: ClaimedJob, status: "succeeded" | "failed") => {
      const job = await owned(view, claim);
      if (job !== undefined) view.set("jobs", job.jobId, { ...job, status });
      return job !== undefined;
    },
    requeueJob: async (
      view: View,
      claim: ClaimedJob,
      { delayMs, countAttempt }: { delayMs: number; countAttempt: boolean },
    ) => {
      const job = await owned(view, claim);
      if (job === undefined) return;
      view.set("jobs", job.jobId, {
        ...job,
        status: "queued",
        attempts: job.attempts - (countAttempt ? 0 : 1),
        notBefore: now() + delayMs,
      });
    },

    upsertDeadLetter: async (view: View, letter: DeadLetter) => {
      const key = keyOf(letter.consumer, letter.eventId);
      await view.lock(keyOf("letter-key", key));
      const id = view.get("letterKeys", key) ?? letter.deadLetterId;
      await view.lock(keyOf("letter", id));
      const before = view.get("letters", id);
      view.set("letterKeys", key, id);
      view.set("letters", id, {
        ...letter,
        deadLetterId: id,
        attempts: (before?.attempts ?? 0) + letter.attempts,
        status: "open",
        recordedAt: now(),
      });
      return id;
    },
    findOpenDeadLetter: async (view: View, id: string) => openLetter(view, id),
    lockOpenDeadLetter: async (view: View, id: string) => {
      await view.lock(keyOf("letter", id));
      return openLetter(view, id);
    },
    closeDeadLetter: async (view: View, id: string) => {
      await view.lock(keyOf("letter", id));
      const letter = view.get("letters", id);
      if (letter !== undefined) view.set("letters", id, { ...letter, status: "redriven" });
    },
    listParked: async (view: View, consumer: string) =>
      view
        .values("letters")
        .filter((letter) => letter.consumer === consumer && letter.status === "open")
        .filter((letter) => letter.reason === "unsupported-version"),

    findProgress: async (view: View, { durable, consumer }: { durable: string; consumer: string }) => {
      const noted = view.get("positions", durable);
      if (noted === undefined) return undefined;
      const { position, durableCreated, beganAt, notedAt } = noted;
      const handled = view
        .values("inbox")
        .filter((entry) => entry.consumer === consumer)
        .filter(({ handledAt }) => handledAt > beganAt && handledAt > notedAt - 60_000)
        .map((entry) => entry.position);
      const furthest = [position, ...handled].reduce((a, b) => (b.sequence > a.sequence ? b : a));
      const hasHandled = furthest.sequence > 0 || beganAt > Number.NEGATIVE_INFINITY;
      return { position: furthest, durableCreated, hasHandled };
    },
    savePosition: async (view: View, consumer: string, _stream: string, position: Position) => {
      await view.lock(keyOf("position", consumer));
      const noted = view.get("positions", consumer) ?? unnoted;
      if (noted.position.sequence > position.sequence) return;
      view.set("positions", consumer, { ...noted, position, notedAt: now() });
    },
    saveDurable: async (view: View, consumer: string, _stream: string, durableCreated: string) => {
      await view.lock(keyOf("position", consumer));
      view.set("positions", consumer, { ...(view.get("positions", consumer) ?? unnoted), durableCreated });
    },
    forgetPosition: async (view: View, consumer: string, _stream: string, isCondemned: boolean) => {
      await view.lock(keyOf("position", consumer));
      const position = { sequence: 0, storedAt: new Date(now()) };
      const durableCreated = isCondemned ? "" : view.get("positions", consumer)?.durableCreated;
      view.set("positions", consumer, { position, durableCreated, beganAt: now(), notedAt: now() });
    },
    databaseTime: async () => new Date(now()),
    lastStreamCheck: async (view: View, stream: string) => view.get("streamChecks", stream),
    saveStreamCheck: async (view: View, stream: string, startedAt: Date) => {
      await view.lock(keyOf("stream-check", stream));
      const before = view.get("streamChecks", stream);
      if (before === undefined || before < startedAt) view.set("streamChecks", stream, startedAt);
    },
    deleteOldInbox: async () => 0,
    deleteOldOutbox: async () => 0,

    // The simulated service's own tables.
    readVersion: async (view: View, pipeline: string) => view.get("versions", pipeline) ?? 0,
    recordEffect: async (view: View, eventId: string, pipeline: string, version: number) => {
      view.set("versions", pipeline, version);
      // A key of its own for every effect: one that is doubled must show.
      view.set("effects", `${nextNumber()}`, { eventId, pipeline, version });
    },
  };
}

export type Statements = ReturnType<typeof statementsFor>;

function isClaimable(job: JobEntry, now: number): boolean {
  if (job.status === "queued") return job.notBefore <= now;
  return job.status === "running" && job.leaseUntil < now;
}

function openLetter(view: View, id: string): LetterEntry | undefined {
  const letter = view.get("letters", id);
  return letter?.status === "open" ? letter : undefined;
}

function publishedRows(view: View): OutboxEntry[] {
  return view.values("outbox").filter((row) => row.publishedAt !== undefined);
}

/** By time and then by id, as the store's pages are ordered. */
function comparePublished(a: PublishedRow, b: PublishedRow): number {
  const byTime = a.publishedAt.getTime() - b.publishedAt.getTime();
  if (byTime !== 0) return byTime;
  return a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0;
}
