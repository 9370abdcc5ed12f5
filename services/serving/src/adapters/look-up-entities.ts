import { entityText, type Lookup, OnlineRow, onlineRowSubject } from "@cascade/contracts";
import { describeError, type KeyValue, type Logger } from "@cascade/messaging";
import { rowTime } from "@cascade/tabular";
import { entityValues } from "../domain/entity-values.ts";
import { requestErrors } from "../errors.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows with what is known of the entities that they name. */
export type EntityLookup = (lookups: readonly Lookup[], rows: readonly Row[]) => Promise<readonly Row[]>;

/** Reads the online rows of entities, each once a request. Where they cannot be read, nothing is made up. */
export function openEntityLookup(bucket: KeyValue, log: Logger, now: () => Date): EntityLookup {
  const read = async (subject: string): Promise<OnlineRow | undefined> => {
    try {
      const found = await bucket.get(subject);
      return found && OnlineRow.parse(found.value);
    } catch (error) {
      log.warn({ subject, error: describeError(error) }, "an online row could not be read");
      throw requestErrors.entitiesUnavailable();
    }
  };
  return async (lookups, rows) => {
    const reading = new Map<string, Promise<OnlineRow | undefined>>();
    const rowOf = (lookup: Lookup, row: Row) => {
      const entity = entityText(lookup.on.map(({ name }) => (Object.hasOwn(row, name) ? row[name] : null)));
      if (entity === undefined) return undefined;
      const subject = onlineRowSubject(lookup, entity);
      const begun = reading.get(subject) ?? read(subject);
      reading.set(subject, begun);
      return begun;
    };
    const asked = now().getTime();
    return Promise.all(
      rows.map(async (row) => {
        const found = await Promise.all(
          lookups.map(async (lookup) => {
            const timeMs = rowTime(row[lookup.time]) ?? asked;
            return entityValues(lookup, await rowOf(lookup, row), timeMs);
          }),
        );
        // Defines "__proto__" as a plain column, where an assignment would not.
        return Object.fromEntries([row, ...found].flatMap((part) => Object.entries(part)));
      }),
    );
  };
}
