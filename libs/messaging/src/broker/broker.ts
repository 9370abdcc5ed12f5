import type { StreamDefinition } from "@cascade/contracts";
import type { Delivery } from "../runtime/delivery.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { DurableDefinition, DurableState, EnsuredDurable } from "./provision.ts";
import type { StoredIdentity, StreamState } from "./stored-message.ts";

/**
 * What the runtime needs of a broker, behind a port: a simulation has one of its own. What was asked when the
 * connection broke rejects then; what is asked while there is none waits for the next one.
 */
export interface Broker {
  /** Creates a stream where there is none, and returns when it was created, in the broker's words. */
  ensureStream(definition: StreamDefinition): Promise<string>;
  /** Undefined where there is no such stream. */
  streamState(stream: string): Promise<StreamState | undefined>;
  /** Undefined where the stream holds nothing at that place. */
  storedAt(stream: string, sequence: number): Promise<StoredIdentity | undefined>;
  /** Creates a durable or updates its settings. */
  ensureDurable(durable: DurableDefinition, startAt: Date | undefined): Promise<EnsuredDurable>;
  /** Undefined where there is no such durable, or no such stream. */
  durableState(durable: Pick<DurableDefinition, "stream" | "name">): Promise<DurableState | undefined>;
  deleteDurable(durable: Pick<DurableDefinition, "stream" | "name">): Promise<void>;
  /** Returns the event's place in its stream once it is stored; rejects where that is not known. */
  publish(event: OutboxRow, timeoutMs: number): Promise<number>;
  /** Rejects, or ends, where the durable is not there or disappears. Ends where the connection breaks. */
  openConsumer(durable: Pick<DurableDefinition, "stream" | "name">, prefetch: number): Promise<OpenConsumer>;
  /** Acts whenever the connection is back after a loss: the broker may have come back with less than it had. */
  onReconnect(act: () => void): void;
  isClosed(): boolean;
  /** Rejects where the broker does not answer. */
  check(): Promise<void>;
  /** Says something that may be lost, to whoever listens now. */
  tell(subject: string, payload: string): void;
}

export interface OpenConsumer extends AsyncIterable<Delivery> {
  /** Asks for no more; what has arrived is still handed over. */
  close(): Promise<void>;
}
