import type { AnyEventDefinition } from "../event-definition.ts";
import { type Owner, services } from "../services.ts";
import { consumersOf, shortNameOf } from "./parties.ts";

/** With more consumers than this an event is a line to everywhere, and says nothing in a picture. */
const drawnConsumersMax = 4;

function isDrawn(definition: AnyEventDefinition): boolean {
  return consumersOf(definition).length <= drawnConsumersMax;
}

/** The events that the picture leaves out although services react to them, as Markdown. */
export function notDrawn(definitions: readonly AnyEventDefinition[]): string[] {
  return definitions
    .filter((definition) => !isDrawn(definition))
    .map((definition) => {
      const readers = definition.consumers === "all" ? "every service" : consumersOf(definition).join(", ");
      return `\`${shortNameOf(definition)}\`, from ${definition.owner} to ${readers}`;
    });
}

/** A Mermaid flowchart: one arrow for each pair of parties, labelled with all events between them. */
export function flowchart(definitions: readonly AnyEventDefinition[]): string {
  const drawn = definitions.filter(isDrawn);
  const arrows = new Map<string, { from: Owner; to: Owner; events: Set<string> }>();
  for (const definition of drawn) {
    for (const to of consumersOf(definition)) {
      const key = `${definition.owner} ${to}`;
      const arrow = arrows.get(key) ?? { from: definition.owner, to, events: new Set() };
      arrows.set(key, arrow);
      arrow.events.add(shortNameOf(definition));
    }
  }
  const outsiders = (["outside", "operator", "runtime"] as const).filter((owner) =>
    drawn.some((definition) => definition.owner === owner && consumersOf(definition).length > 0),
  );
  return [
    "flowchart TD",
    ...outsiders.map((owner) => `  ${owner}([${owner}])`),
    ...services.map((service) => `  ${service}[${service}]`),
    ...[...arrows.values()].map(
      ({ from, to, events }) => `  ${from} -- "${[...events].join("<br/>")}" --> ${to}`,
    ),
  ].join("\n");
}
