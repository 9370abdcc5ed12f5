import type { Evidence } from "../evidence/evidence.ts";

export interface Violation {
  readonly invariant: string;
  /** Stable, so that a test can tell one violation from another. */
  readonly code: string;
  readonly message: string;
  /** The rows and ids that show it. */
  readonly evidence: unknown;
}

/** What one check has looked at and found. */
export interface Verdict {
  readonly invariant: string;
  readonly title: string;
  readonly counted: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

export type Check = (evidence: Evidence) => Verdict;

export interface Findings {
  readonly violations: Violation[];
  find(code: string, message: string, evidence: unknown): void;
}

/** Collects what one check finds. */
export function findingsOf(invariant: string): Findings {
  const violations: Violation[] = [];
  return {
    violations,
    find: (code, message, evidence) => violations.push({ invariant, code, message, evidence }),
  };
}
