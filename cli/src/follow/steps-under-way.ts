import type { Progress } from "@cascade/messaging";

/** A long step, as it was told last. */
export interface Step {
  readonly update: Progress;
  readonly sinceMs: number;
  readonly toldMs: number;
}

/** Some steps end without an event that says so: what is done to all of its share is over a moment later. */
const doneAfterMs = 2000;
/** A step whose process died tells nothing more; some training programs are as silent for minutes. */
const silentAfterMs = 600_000;

/** The long steps that are under way, the one that was told last as the last of them. */
export class StepsUnderWay {
  readonly #steps = new Map<string, Step>();

  tell(update: Progress, nowMs: number): void {
    const key = keyOf(update.service, update.correlationId);
    const sinceMs = this.#steps.get(key)?.sinceMs ?? nowMs;
    // Taken out and put in, so that it becomes the last.
    this.#steps.delete(key);
    this.#steps.set(key, { update, sinceMs, toldMs: nowMs });
  }

  /** A service's next event for the cause of its progress means that the step is over. */
  end(service: string, correlationId: string): void {
    this.#steps.delete(keyOf(service, correlationId));
  }

  newest(nowMs: number): Step | undefined {
    for (const [key, { update, toldMs }] of this.#steps) {
      const limit = (update.share ?? 0) >= 1 ? doneAfterMs : silentAfterMs;
      if (nowMs - toldMs > limit) this.#steps.delete(key);
    }
    return [...this.#steps.values()].at(-1);
  }
}

const keyOf = (service: string, correlationId: string) => `${service}/${correlationId}`;
