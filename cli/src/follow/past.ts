import type { StoredEvent } from "@cascade/messaging";
import { CascadeTree, type PlacedEvent } from "./cascade-tree.ts";

/** Events that have been stored already, each in its place in the causation tree. */
export function placeAll(events: readonly StoredEvent[]): PlacedEvent[] {
  const tree = new CascadeTree();
  return [...events.flatMap((event) => tree.add(event)), ...tree.release()];
}

/** An event as `--json` writes it. */
export function jsonOf({ envelope, data, storedAt }: StoredEvent) {
  return { ...envelope, storedat: storedAt.toISOString(), data };
}
