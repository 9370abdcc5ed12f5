import { isDeepStrictEqual } from "node:util";
import { DataArrivedV2, type DataOf } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import { v5 as uuidv5 } from "uuid";
import { CliError, exitCodes } from "../errors.ts";
import type { Session } from "../session.ts";
import type { Quarantined } from "./read-quarantine.ts";

type Files = DataOf<typeof DataArrivedV2>["files"];

const namespace = "0b7bb0de-4e3b-4a1c-9c53-1d1f3d8f2b1e";

/**
 * Announces corrected rows as a new arrival that the quarantined ones have caused. Its id follows from theirs and
 * from how many attempts have failed: said twice, or by two people at once, it is one event with one effect.
 */
export async function resubmit(session: Session, quarantined: Quarantined, files: Files): Promise<string> {
  const { id, pipeline, datasetVersion, resubmissions, correlationId } = quarantined;
  const eventId = uuidv5(`${id}/${resubmissions.length}`, namespace);
  const data = { files, resubmits: datasetVersion };
  const cause = { eventId: id, correlationId: correlationId ?? id };
  await session.publish(DataArrivedV2.create(pipeline, data), cause, eventId);
  const stored = await collectEvents({
    connection: session.connection,
    which: "all",
    subject: `${DataArrivedV2.type}.${pipeline}`,
  });
  const kept = stored.find(({ envelope }) => envelope.id === eventId);
  if (kept !== undefined && isDeepStrictEqual(kept.data, data)) return eventId;
  throw new CliError(
    exitCodes.refused,
    `Somebody has just resubmitted other rows for ${id}; theirs count. See cascade quarantine list --all.`,
  );
}
