import type { ServiceName } from "@cascade/contracts";
import type { FaultRecord } from "../faults/fault.ts";
import type { Operation } from "../journal/read-journal.ts";

/** A row of a table as the database gives it. */
export type Row = Readonly<Record<string, unknown>>;

export type Tables = Readonly<Record<ServiceName, Readonly<Record<string, readonly Row[]>>>>;

/** A message of a stream. What cannot be read as an event has no envelope. */
export interface StreamedMessage {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly pipeline: string;
  readonly causationId: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Durable {
  readonly stream: string;
  readonly name: string;
  readonly filterSubject: string;
  readonly pending: number;
  readonly unacknowledged: number;
}

export interface StoredArtifact {
  readonly digest: string;
  /** Recomputed from the bytes. */
  readonly actualDigest: string;
  readonly sizeBytes: number;
}

/** What one serving replica said of one pipeline after everything was healed. */
export interface ServedPipeline {
  readonly replica: string;
  readonly pipeline: string;
  readonly revision: number | undefined;
  readonly versions: readonly { readonly version: number; readonly weightPercent: number }[];
  /** The version that answered a last request. */
  readonly answered: number | undefined;
}

export interface Leftovers {
  readonly processes: readonly { readonly pid: number; readonly command: string }[];
  /** Folders of work that nobody does any more. */
  readonly workFolders: readonly string[];
  readonly advisoryLocks: number;
  readonly openTransactions: number;
}

/** Everything that the checker judges, read when the healed system had nothing left to do and was stopped. */
export interface Evidence {
  readonly journal: readonly Operation[];
  readonly faults: readonly FaultRecord[];
  readonly tables: Tables;
  readonly messages: readonly StreamedMessage[];
  readonly durables: readonly Durable[];
  readonly artifacts: ReadonlyMap<string, StoredArtifact>;
  readonly serving: readonly ServedPipeline[];
  readonly leftovers: Leftovers;
}

export function rowsOf({ tables }: Pick<Evidence, "tables">, service: ServiceName, table: string) {
  return tables[service][table] ?? [];
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`${column} is no text but ${JSON.stringify(value)}`);
  return value;
}

/** Large integers come as texts. */
export function number(row: Row, column: string): number {
  const value = Number(row[column]);
  if (Number.isNaN(value)) throw new TypeError(`${column} is no number but ${JSON.stringify(row[column])}`);
  return value;
}

export function moment(row: Row, column: string): number {
  const value = row[column];
  if (!(value instanceof Date)) throw new TypeError(`${column} is no time but ${JSON.stringify(value)}`);
  return value.getTime();
}
