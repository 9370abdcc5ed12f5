import { z } from "zod";
import { eventDefinitions } from "./catalogue.ts";
import type { AnyEventDefinition } from "./event-definition.ts";
import { PipelineName } from "./pipeline-name.ts";
import type { StreamDefinition } from "./streams.ts";
import { filterSubjectOf, streamOf } from "./subjects.ts";

/** A system of somebody else's. Each has an account of its own at the broker, and sees nothing of the others. */
export const OutsideParty = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and dashes"),
  /** What it may speak of and hear of; every pipeline where it is left out. */
  pipelines: z.array(PipelineName).min(1).optional(),
});
export type OutsideParty = z.infer<typeof OutsideParty>;

/** The one that is there unless others are named. */
export const defaultParties: readonly OutsideParty[] = [{ name: "partner" }];

/** The account of an outside party. */
export function accountOfParty({ name }: OutsideParty): string {
  return `EXT_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** What outsiders may publish: every version, so that a sender need not change when a new one comes. */
export const incomingDefinitions: readonly AnyEventDefinition[] = eventDefinitions.filter(
  ({ owner }) => owner === "outside",
);

/** What outsiders may hear. */
export const outgoingDefinitions: readonly AnyEventDefinition[] = eventDefinitions.filter(
  ({ outgoing }) => outgoing,
);

/** The subjects of events as one party may use them. */
export function subjectsForParty(
  party: OutsideParty,
  definitions: readonly AnyEventDefinition[],
): readonly string[] {
  const pipelines = party.pipelines ?? ["*"];
  return definitions.flatMap(({ type }) => pipelines.map((pipeline) => `${type}.${pipeline}`));
}

const dayMs = 24 * 3_600_000;

/**
 * What outsiders consume: the outgoing events, copied by the broker from the streams of their owners. It has no
 * subject of its own, so that nobody can publish into it, and it forgets, so that a reader who never comes back
 * stops nobody.
 */
export const outgoingStream: StreamDefinition = {
  name: "CASCADE_OUT",
  subjects: [],
  sources: [...Map.groupBy(outgoingDefinitions, streamOf)].map(([stream, members]) => ({
    stream,
    filters: [...new Set(members.map(filterSubjectOf))].sort(),
  })),
  duplicateWindowMs: 15 * 60_000,
  maxMessageBytes: -1,
  maxBytes: 1024 * 1024 * 1024,
  maxAgeMs: 30 * dayMs,
  discard: "old",
};

/** The durable of a party on the outgoing stream. */
export function outgoingDurableOf(party: OutsideParty) {
  return {
    name: party.name,
    stream: outgoingStream.name,
    filterSubjects: [...subjectsForParty(party, outgoingDefinitions)],
  };
}
