import type { DurableDefinition, DurableState } from "../broker/provision.ts";
import type { StreamState } from "../broker/stored-message.ts";
import type { Position } from "../store/positions.ts";
import type { World } from "./world.ts";

/**
 * `gone`: there is no such durable or stream. `made-anew`: it is another one than was opened. `behind`: the
 * stream has lost events that this consumer has seen, and would give their places to others unseen.
 */
export type ConsumerCondition = "whole" | "gone" | "made-anew" | "behind";

/**
 * Compares a durable and its stream with what this consumer has handled last. `unchanged`: that has been done since
 * anything was handled, and the broker has not been away; the durable alone is looked at then.
 */
export async function checkConsumer(
  { broker }: Pick<World, "broker">,
  durable: DurableDefinition,
  opened: string,
  handled: Position | "unchanged" | undefined,
): Promise<ConsumerCondition> {
  const consumer = await broker.durableState(durable);
  if (consumer === undefined) return "gone";
  if (consumer.created !== opened) return "made-anew";
  if (handled === "unchanged") return "whole";
  const stream = await broker.streamState(durable.stream);
  if (stream === undefined) return "gone";
  if (goesBeyond(consumer, stream)) return "behind";
  // Zero: nothing has been handled since the durable was last set back.
  if (handled === undefined || handled.sequence === 0) return "whole";
  if (handled.sequence < stream.firstSequence) return "whole";
  const stored = await broker.storedAt(durable.stream, handled.sequence);
  // The broker tells the time to the nanosecond, of which a number holds the milliseconds and a little more.
  const isSame =
    stored !== undefined && Math.abs(stored.storedAt.getTime() - handled.storedAt.getTime()) <= 1;
  return isSame ? "whole" : "behind";
}

/** Whether a durable has delivered what its stream does not hold any more: it would pass by what comes in its place. */
export async function isAhead(
  { broker }: Pick<World, "broker">,
  durable: DurableDefinition,
): Promise<boolean> {
  const consumer = await broker.durableState(durable);
  if (consumer === undefined) return false;
  const stream = await broker.streamState(durable.stream);
  return stream !== undefined && goesBeyond(consumer, stream);
}

function goesBeyond(consumer: DurableState, stream: StreamState): boolean {
  return consumer.deliveredSequence > stream.lastSequence;
}
