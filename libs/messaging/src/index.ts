export { accessFrom, accessVariables, type BrokerAccess } from "./broker/access.ts";
export { type BrokerOptions, connectBroker } from "./broker/connect.ts";
export { type KeyValue, openKeyValue } from "./broker/key-value.ts";
export { provisionOutgoing, provisionStreams } from "./broker/provision-streams.ts";
export {
  createPublisher,
  type PublishedCause,
  type Publisher,
  type PublisherOptions,
} from "./broker/publisher.ts";
export { shownServers } from "./broker/shown-servers.ts";
export { collectEvents, readEvents, type StoredEvent, type Tail, watchLatest } from "./broker/tail.ts";
export type { CloudEvent } from "./codec/cloud-event.ts";
export { decode } from "./codec/decode.ts";
export { encodeBinary } from "./codec/encode-binary.ts";
export { MalformedEventError } from "./codec/errors.ts";
export { parseStrictJson } from "./codec/strict-json.ts";
export { StrictJsonError } from "./codec/strict-json-error.ts";
export { type CrashPoint, crashPointFrom, crashPoints } from "./crash-point.ts";
export { type Decision, type Given, type Ignored, ignore, isIgnored } from "./decision.ts";
export { describeError, MessagingError, Reject } from "./errors.ts";
export {
  type AnyJob,
  type Job,
  type JobContext,
  type JobProgress,
  type JobRun,
  job,
  type PlannableJob,
  type PlannedJob,
} from "./job.ts";
export {
  type EventOutcome,
  eventOutcomes,
  type Logger,
  type MessagingMetrics,
  noLog,
  noMetrics,
} from "./observer.ts";
export { type AnyReaction, type Incoming, type Reaction, reaction } from "./reaction.ts";
export { allProgressSubjects, Progress } from "./runtime/progress.ts";
export { type Messaging, type MessagingOptions, startMessaging } from "./runtime/start-messaging.ts";
export { MessagingSettings } from "./settings.ts";

/** Where the SQL migrations of the runtime's own tables are. */
export const migrationsDirectory = new URL("../migrations/", import.meta.url);
