import type { DeadLetter } from "../store/dead-letters.ts";
import type { Cause } from "../store/jobs.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Position, Progress } from "../store/positions.ts";

export interface InboxEntry {
  readonly consumer: string;
  readonly eventId: string;
  readonly outcome: "handled" | "ignored" | "dead" | "parked";
  readonly reason: string | null;
  readonly position: Position;
  readonly handledAt: number;
}

export interface NotedProgress extends Omit<Progress, "hasHandled"> {
  readonly beganAt: number;
  readonly notedAt: number;
}

export interface OutboxEntry extends OutboxRow {
  readonly position: number;
  readonly claimedUntil: number;
  readonly publishedAt?: number;
  readonly publishedSequence?: number;
}

export interface JobEntry {
  readonly jobId: string;
  readonly name: string;
  readonly key: string;
  readonly pipeline: string;
  readonly payload: unknown;
  readonly cause: Cause;
  readonly status: "queued" | "running" | "succeeded" | "failed";
  readonly attempts: number;
  readonly fence: number;
  readonly leaseUntil: number;
  readonly notBefore: number;
  readonly order: number;
}

export interface LetterEntry extends DeadLetter {
  readonly status: "open" | "redriven";
  readonly recordedAt: number;
}

/** One effect of the simulated service, with the version of its pipeline that it was decided upon. */
interface Effect {
  readonly eventId: string;
  readonly pipeline: string;
  readonly version: number;
}

/** The tables of one service, by the key of each. Rows are never changed, only replaced. */
export interface Tables {
  readonly inbox: Map<string, InboxEntry>;
  readonly attempts: Map<string, number>;
  readonly outbox: Map<string, OutboxEntry>;
  readonly jobs: Map<string, JobEntry>;
  /** Job id by name and key. */
  readonly jobKeys: Map<string, string>;
  readonly letters: Map<string, LetterEntry>;
  /** Dead letter id by consumer and event. */
  readonly letterKeys: Map<string, string>;
  readonly positions: Map<string, NotedProgress>;
  readonly streamChecks: Map<string, Date>;
  readonly versions: Map<string, number>;
  readonly effects: Map<string, Effect>;
}

export type TableName = keyof Tables;

export function emptyTables(): Tables {
  return {
    inbox: new Map(),
    attempts: new Map(),
    outbox: new Map(),
    jobs: new Map(),
    jobKeys: new Map(),
    letters: new Map(),
    letterKeys: new Map(),
    positions: new Map(),
    streamChecks: new Map(),
    versions: new Map(),
    effects: new Map(),
  };
}
