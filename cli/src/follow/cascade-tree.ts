import type { StoredEvent } from "@cascade/messaging";

export interface PlacedEvent {
  readonly event: StoredEvent;
  /** 0 for the root of a cascade. */
  readonly depth: number;
  /** Milliseconds since the direct cause was stored; undefined for a root or an unseen cause. */
  readonly sinceCauseMs: number | undefined;
}

interface Seen {
  readonly depth: number;
  readonly storedAt: Date;
}

/**
 * Puts events that arrive from several streams into their place in the causation tree. An event that comes
 * before its cause waits for it.
 */
export class CascadeTree {
  readonly #seen = new Map<string, Seen>();
  readonly #waiting = new Map<string, StoredEvent[]>();

  /** Returns what can be placed now: the event and those that waited for it, or nothing yet. */
  add(event: StoredEvent): PlacedEvent[] {
    const { id, causationid, correlationid } = event.envelope;
    if (this.#seen.has(id)) return [];
    // The root of a cascade may have a cause in another one: what it is linked to is said beside it.
    if (causationid === undefined || correlationid === id) return this.#place(event, 0, undefined);
    const cause = this.#seen.get(causationid);
    if (cause !== undefined) return this.#place(event, cause.depth + 1, cause);
    this.#waiting.set(causationid, [...(this.#waiting.get(causationid) ?? []), event]);
    return [];
  }

  /** Places what still waits for a cause that will not be seen, oldest first. */
  release(): PlacedEvent[] {
    const orphans = [...this.#waiting.values()]
      .flat()
      .sort((a, b) => a.storedAt.getTime() - b.storedAt.getTime());
    this.#waiting.clear();
    return orphans.flatMap((event) =>
      this.#seen.has(event.envelope.id) ? [] : this.#place(event, 0, undefined),
    );
  }

  #place(event: StoredEvent, depth: number, cause: Seen | undefined): PlacedEvent[] {
    const { id } = event.envelope;
    this.#seen.set(id, { depth, storedAt: event.storedAt });
    const sinceCauseMs =
      cause === undefined ? undefined : event.storedAt.getTime() - cause.storedAt.getTime();
    const waited = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    const placed: PlacedEvent = { event, depth, sinceCauseMs };
    return [
      placed,
      ...waited.flatMap((next) => this.#place(next, depth + 1, { depth, storedAt: event.storedAt })),
    ];
  }
}
