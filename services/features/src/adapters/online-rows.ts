import { OnlineRow, OnlineView, onlineRowSubject, onlineViewSubject } from "@cascade/contracts";
import type { KeyValue } from "@cascade/messaging";
import { mayReplace } from "../domain/online-row.ts";

interface ViewVersion {
  readonly pipeline: string;
  readonly view: string;
  readonly viewDigest: string;
}

// Others write the same row only when two builds of one view end together.
const attemptsMax = 10;

/** Writes a row unless a newer one is there; whether it was written. */
export async function writeOnlineRow(
  bucket: KeyValue,
  version: ViewVersion,
  row: OnlineRow,
): Promise<boolean> {
  const subject = onlineRowSubject(version, row.entity);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const present = await bucket.get(subject);
    if (!mayReplace(present && OnlineRow.parse(present.value), row)) return false;
    if (await bucket.put(subject, row, present?.revision ?? 0)) return true;
  }
  throw new Error(`The online row of an entity of ${version.view} is being written by others all the time.`);
}

/** What the bucket holds of a view; undefined where it holds nothing, because the version is new or it was lost. */
export async function findOnlineView(
  bucket: KeyValue,
  version: ViewVersion,
): Promise<OnlineView | undefined> {
  const found = await bucket.get(onlineViewSubject(version));
  return found && OnlineView.parse(found.value);
}

/** Says that the bucket holds a view, once all of its rows are written. */
export async function writeOnlineView(
  bucket: KeyValue,
  version: ViewVersion,
  view: OnlineView,
): Promise<void> {
  const subject = onlineViewSubject(version);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const present = await bucket.get(subject);
    if (present !== undefined && OnlineView.parse(present.value).position > view.position) return;
    if (await bucket.put(subject, view, present?.revision ?? 0)) return;
  }
}
