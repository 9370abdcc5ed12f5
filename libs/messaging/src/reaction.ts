import type { EventDefinition } from "@cascade/contracts";
import type { Transaction } from "@cascade/postgres";
import type { Decision, Given, Ignored } from "./decision.ts";

/** An event as a reaction sees it: checked, and converted to the version it was written for. */
export interface Incoming<Data> {
  readonly id: string;
  readonly type: string;
  readonly pipeline: string;
  readonly data: Data;
  readonly correlationId: string;
  readonly source: string;
  /** The W3C trace context that the event carries. */
  readonly traceparent?: string;
}

/** Delivery settings of one reaction, where the service's defaults do not fit. */
interface DeliverySettings {
  /** How many events are asked for ahead of time; 1 where one event takes long. */
  readonly prefetch?: number;
  readonly ackWaitMs?: number;
  readonly gatherTimeoutMs?: number;
  readonly attempts?: number;
}

/**
 * On an event, decide, record and emit. `gather` does slow, abortable I/O outside the transaction; `load`
 * reads our own rows inside it; `decide` is pure; `record` writes our own rows, best by `tx.send`: what it only
 * sends goes to the database together with the commit.
 */
export interface Reaction<
  Deps,
  Data,
  Emitted extends string,
  Gathered extends object,
  Loaded extends object,
  Made extends Decision<Emitted>,
> {
  /** The durable consumer's name: renaming it redelivers history. */
  readonly name: string;
  readonly on: EventDefinition<Data>;
  // biome-ignore lint/suspicious/noExplicitAny: only the type of the emitted events matters here.
  readonly emits: readonly EventDefinition<any, Emitted>[];
  readonly delivery?: DeliverySettings;
  gather?(event: Incoming<Data>, deps: Deps, context: { signal: AbortSignal } & Given): Promise<Gathered>;
  load?(event: Incoming<Data>, tx: Transaction): Promise<Loaded>;
  decide(event: Incoming<Data>, facts: Gathered & Loaded & Given): Made | Ignored;
  record?(decision: Made, tx: Transaction, event: Incoming<Data>): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the runtime treats reactions on all kinds of events alike.
export type AnyReaction<Deps = any> = Reaction<Deps, any, string, any, any, any>;

/** Declares a reaction; the identity function that makes its parts infer from one another. */
export function reaction<
  Data,
  const Emitted extends string,
  Made extends Decision<Emitted>,
  Deps = unknown,
  Gathered extends object = object,
  Loaded extends object = object,
>(
  definition: Reaction<Deps, Data, Emitted, Gathered, Loaded, Made>,
): Reaction<Deps, Data, Emitted, Gathered, Loaded, Made> {
  return definition;
}
