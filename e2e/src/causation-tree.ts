import type { StoredEvent } from "@cascade/messaging";

/** The causation tree of a cascade as indented lines of event types; siblings in alphabetical order. */
export function causationTree(events: readonly StoredEvent[], correlationId: string): string {
  const own = events.filter(({ envelope }) => envelope.correlationid === correlationId);
  const children = Map.groupBy(own, ({ envelope }) => envelope.causationid);
  const nameOf = (event: StoredEvent) => {
    const service = event.envelope.source.replace("/services/", "");
    return `${event.envelope.type.replace(/^cascade\./, "")}${event.envelope.source.startsWith("/services/") ? ` (${service})` : ""}`;
  };
  const write = (event: StoredEvent, depth: number): string[] => {
    const below = (children.get(event.envelope.id) ?? []).toSorted((a, b) =>
      nameOf(a).localeCompare(nameOf(b)),
    );
    return [`${"  ".repeat(depth)}${nameOf(event)}`, ...below.flatMap((child) => write(child, depth + 1))];
  };
  const root = own.find(({ envelope }) => envelope.id === correlationId);
  return root === undefined ? "(no root)" : write(root, 0).join("\n");
}
