import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { TestingError } from "./errors.ts";

export interface EventuallyOptions {
  /** What is waited for, as the error says it: "the outbox to be empty". */
  readonly describe: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

type NotYet = false | undefined | null | 0 | "";

/**
 * Asks again and again until the answer is truthy, and returns it. An exception means "not yet", as does an answer
 * that does not come in time. Fails with what was waited for and the last answer.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { describe, timeoutMs = 20_000, intervalMs = 20 }: EventuallyOptions,
): Promise<Exclude<T, NotYet>> {
  const giveUpAt = performance.now() + timeoutMs;
  let last = "none";
  let cause: unknown;
  for (;;) {
    const limit = new AbortController();
    try {
      const tooLate = delay(Math.max(0, giveUpAt - performance.now()), undefined, { signal: limit.signal });
      const outcome = await Promise.race([ask(check), tooLate]);
      if (outcome !== undefined) {
        if (isYes(outcome.answer)) return outcome.answer;
        last = inspect(outcome.answer, { depth: 5 });
        cause = undefined;
      }
    } catch (error) {
      last = `the error "${error instanceof Error ? error.message : inspect(error)}"`;
      cause = error;
    } finally {
      limit.abort();
    }
    if (performance.now() + intervalMs >= giveUpAt) {
      throw new TestingError(
        "CONDITION_NOT_MET",
        `Waited ${timeoutMs} ms in vain for ${describe}. The last answer was: ${last}`,
        { cause },
      );
    }
    await delay(intervalMs);
  }
}

async function ask<T>(check: () => T | Promise<T>): Promise<{ readonly answer: T }> {
  return { answer: await check() };
}

function isYes<T>(answer: T): answer is Exclude<T, NotYet> {
  return Boolean(answer);
}
