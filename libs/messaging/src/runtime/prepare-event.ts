import { maxEventBytes } from "@cascade/contracts";
import { decode } from "../codec/decode.ts";
import type { AnyReaction, Incoming } from "../reaction.ts";
import type { RawEvent } from "../store/dead-letters.ts";
import { readAs } from "./incoming.ts";
import type { World } from "./world.ts";

/** Decodes and checks an event for a reaction. Throws MalformedEventError, Reject or UnsupportedVersion. */
export function readDelivery(world: World, reaction: AnyReaction, raw: RawEvent): Incoming<unknown> {
  return readAs(reaction.on, decodeRaw(world, raw));
}

export function decodeRaw(world: World, raw: RawEvent) {
  return decode(raw, {
    payloadBytesMax: 2 * maxEventBytes,
    depthMax: world.settings.eventDepthMax,
    headerBytesMax: 16 * 1024,
  });
}

/** Runs a reaction's `gather` under its time limit. */
export async function gatherFor(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  event: Incoming<unknown>,
): Promise<object> {
  if (reaction.gather === undefined) return {};
  const limitMs = reaction.delivery?.gatherTimeoutMs ?? world.settings.gatherTimeoutMs;
  const limit = new AbortController();
  const { signal } = limit;
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const endLimit = world.clock.after(limitMs, () =>
    limit.abort(
      new DOMException(`${reaction.name} has gathered for longer than ${limitMs} ms`, "TimeoutError"),
    ),
  );
  const gathering = reaction.gather(event, deps, { signal, now: world.now(), newId: world.newId });
  return Promise.race([gathering, cancelled]).finally(endLimit);
}
