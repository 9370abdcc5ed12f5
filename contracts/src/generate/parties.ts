import type { AnyEventDefinition } from "../event-definition.ts";
import { type ServiceName, services } from "../services.ts";

/** The services that react to an event, by name. */
export function consumersOf({ consumers }: AnyEventDefinition): readonly ServiceName[] {
  return consumers === "all" ? services : consumers;
}

/** `dataset.ingested`, without prefix and version. */
export function shortNameOf({ entity, predicate }: AnyEventDefinition): string {
  return `${entity}.${predicate}`;
}
