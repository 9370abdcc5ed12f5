import type { Database } from "@cascade/postgres";

export interface Deps {
  readonly database: Database;
  /** How long a replica that was heard of counts as live. */
  readonly replicaLiveMs: number;
  readonly pageSizeMax: number;
}
