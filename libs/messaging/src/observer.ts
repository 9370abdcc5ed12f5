/** The part of a pino logger that the runtime uses. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export const eventOutcomes = ["handled", "ignored", "duplicate", "retried", "dead", "parked"] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

/** What the runtime counts; the service kit turns it into Prometheus metrics. */
export interface MessagingMetrics {
  eventHandled(reaction: string, outcome: EventOutcome, seconds: number): void;
  eventPublished(type: string, path: "after-commit" | "sweep"): void;
  publishFailed(type: string): void;
  /** Events that a stream had taken and does not hold any more; they are published again. */
  eventsLost(stream: string, count: number): void;
  /** The time of the work itself, without claiming and concluding. */
  jobRan(job: string, seconds: number): void;
  jobFinished(job: string, outcome: "succeeded" | "retried" | "failed" | "lost", seconds: number): void;
}

/** For tools and tests that keep no log. */
export const noLog: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => noLog };

export const noMetrics: MessagingMetrics = {
  eventHandled: () => {},
  eventPublished: () => {},
  publishFailed: () => {},
  eventsLost: () => {},
  jobRan: () => {},
  jobFinished: () => {},
};
