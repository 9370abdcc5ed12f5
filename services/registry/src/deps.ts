import type { Database } from "@cascade/postgres";

export interface Deps {
  readonly database: Database;
  readonly pageSizeMax: number;
}
