import {
  closeDeadLetter,
  findOpenDeadLetter,
  listParked,
  lockOpenDeadLetter,
  upsertDeadLetter,
} from "./dead-letters.ts";
import {
  countAttempt,
  deleteOldInbox,
  forgetAttempts,
  insertInbox,
  lockPipelines,
  markInbox,
} from "./inbox.ts";
import { claimJob, endJob, extendLease, insertJobs, requeueJob } from "./jobs.ts";
import {
  claimUnpublished,
  deleteOldOutbox,
  insertOutbox,
  listPublished,
  listPublishedStreams,
  markPublished,
  outboxBacklog,
  releaseClaims,
  unmarkPublished,
} from "./outbox.ts";
import { findProgress, forgetPosition, saveDurable, savePosition } from "./positions.ts";
import { databaseTime, lastStreamCheck, saveStreamCheck } from "./stream-checks.ts";

/** The runtime's own tables in Postgres. Each statement stands in the transaction, or the database, that it is given. */
export const postgresStore = {
  claimJob,
  claimUnpublished,
  closeDeadLetter,
  countAttempt,
  databaseTime,
  deleteOldInbox,
  deleteOldOutbox,
  endJob,
  extendLease,
  findOpenDeadLetter,
  findProgress,
  forgetAttempts,
  forgetPosition,
  insertInbox,
  insertJobs,
  insertOutbox,
  lastStreamCheck,
  listParked,
  listPublished,
  listPublishedStreams,
  lockOpenDeadLetter,
  lockPipelines,
  markInbox,
  markPublished,
  outboxBacklog,
  releaseClaims,
  requeueJob,
  saveDurable,
  savePosition,
  saveStreamCheck,
  unmarkPublished,
  upsertDeadLetter,
};

/** What the runtime keeps, behind a port: a simulation keeps it in memory. */
export type Store = typeof postgresStore;
