import type { RawEvent } from "../store/dead-letters.ts";
import type { Position } from "../store/positions.ts";

/**
 * One event as the broker handed it to us, with what can be said back. What is said back names a place in a stream, so
 * it is said only on the connection that brought the event: a broker that was away may have something else there. The
 * event is delivered again then, and is known.
 */
export interface Delivery extends RawEvent {
  readonly stream: string;
  readonly position: Position;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  ack(): void;
  /** Asks for another delivery after a delay; a bare nak would come back at once, and ignore any backoff. */
  retryIn(delayMs: number): void;
  /** Tells the broker that we are still at it. */
  working(): void;
}
