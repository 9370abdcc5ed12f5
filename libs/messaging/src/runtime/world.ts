import type { Database } from "@cascade/postgres";
import type { Broker } from "../broker/broker.ts";
import type { Clock } from "../clock.ts";
import type { CrashPoint } from "../crash-point.ts";
import type { Logger, MessagingMetrics } from "../observer.ts";
import type { MessagingSettings } from "../settings.ts";
import type { Store } from "../store/store.ts";
import type { JobWorker } from "./job-worker.ts";
import type { Relay } from "./relay.ts";

/** Everything the parts of one service's runtime share. */
export interface World {
  readonly service: string;
  readonly source: string;
  readonly database: Database;
  readonly store: Store;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly relay: Relay;
  readonly settings: MessagingSettings;
  readonly log: Logger;
  readonly metrics: MessagingMetrics;
  readonly crash: (point: CrashPoint) => void;
  /** The workers of this process, by the name of their job. */
  readonly workers: ReadonlyMap<string, JobWorker>;
  now(): Date;
  newId(): string;
}
