import type { StoredEvent } from "@cascade/messaging";

/**
 * The causation tree of a cascade as indented lines of event types. Siblings are sorted by all that is below
 * them, so that it does not matter which of two replicas was first.
 */
export function causationTree(events: readonly StoredEvent[], correlationId: string): string {
  const own = events.filter(({ envelope }) => envelope.correlationid === correlationId);
  const children = Map.groupBy(own, ({ envelope }) => envelope.causationid);
  const write = (event: StoredEvent, depth: number): string => {
    const below = (children.get(event.envelope.id) ?? []).map((child) => write(child, depth + 1)).sort();
    return [`${"  ".repeat(depth)}${nameOf(event)}`, ...below].join("\n");
  };
  const root = own.find(({ envelope }) => envelope.id === correlationId);
  return root === undefined ? "(no root)" : write(root, 0);
}

function nameOf({ envelope }: StoredEvent): string {
  const type = envelope.type.replace(/^cascade\./, "");
  const service = envelope.source.startsWith("/services/")
    ? ` (${envelope.source.slice("/services/".length)})`
    : "";
  return `${type}${service}`;
}
