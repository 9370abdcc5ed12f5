import type { AnyEventDefinition } from "@cascade/contracts";
import { isConnectionError } from "@cascade/postgres";
import { describeError } from "../errors.ts";
import type { AnyReaction } from "../reaction.ts";
import type { DeadLetter } from "../store/dead-letters.ts";
import { applyLetter, recordFurtherFailure } from "./apply-letter.ts";
import { finalReason, identify } from "./failure.ts";
import type { World } from "./world.ts";

// As many as are handled before the other reactions have their turn; the next round takes the rest.
const parkedPerRound = 100;

/**
 * Handles parked events again whose version this build understands. Again and again, and not only at the start: while
 * a service is upgraded replica by replica, the old ones go on parking what the new ones understand.
 */
export async function redriveParked(
  world: World,
  reactions: readonly AnyReaction[],
  deps: unknown,
): Promise<void> {
  for (const reaction of reactions) {
    const types = typesOf(reaction.on);
    const parked = await world.store.listParked(world.database, reaction.name, types, parkedPerRound);
    for (const letter of parked) await redriveOne(world, reaction, deps, letter);
  }
}

async function redriveOne(
  world: World,
  reaction: AnyReaction,
  deps: unknown,
  letter: DeadLetter,
): Promise<void> {
  const { eventId, correlationId } = identify(letter);
  try {
    await applyLetter(world, reaction, deps, letter, {
      by: "upgrade",
      cause: { eventId, correlationId },
    });
  } catch (error) {
    const reason = finalReason(error);
    if (reason === "unsupported-version") return;
    // The database is away: no fault of the event, and the next round comes.
    if (isConnectionError(error)) throw error;
    const fields = { reaction: reaction.name, ...identify(letter), error: describeError(error) };
    const attempts =
      reason === undefined
        ? await world.store.countAttempt(world.database, reaction.name, letter.eventId, fields.error.message)
        : 1;
    const attemptsMax = reaction.delivery?.attempts ?? world.settings.attemptsMax;
    if (reason === undefined && attempts < attemptsMax) {
      world.log.warn({ ...fields, attempts }, "a parked event could not be handled; it is tried again");
      return;
    }
    await recordFurtherFailure(world, letter, error, attempts);
    world.log.error({ ...fields, attempts }, "a parked event could not be handled; it stays a dead letter");
  }
}

/** The types that a reaction to a definition reads: its own and those it is converted from. */
function typesOf(definition: AnyEventDefinition): readonly string[] {
  const { type, previous } = definition;
  return previous === undefined ? [type] : [type, ...typesOf(previous.definition)];
}
