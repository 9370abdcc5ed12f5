import { DatasetIngestedV1, DeadLetterRedriveRequestedV1, type NewEvent } from "@cascade/contracts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { prepareEvent } from "../runtime/outgoing.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Behaviour } from "./schedule.ts";

const now = new Date(0);

/** An event of the load, as its owner would publish it. Its id names it in every report. */
export function loadEvent(number: number, pipeline: string, behaviour: Behaviour): OutboxRow {
  const id = `event-${number}`;
  const row = encoded(
    id,
    "/services/ingestion",
    DatasetIngestedV1.create(pipeline, DatasetIngestedV1.example),
  );
  if (behaviour === "undecodable") return { ...row, payload: Buffer.from("{ this is no JSON") };
  if (behaviour !== "of-the-future") return row;
  const newer = row.eventType.replace(/\.v1$/, ".v99");
  return {
    ...row,
    subject: row.subject.replace(row.eventType, newer),
    headers: row.headers.map(([name, value]) => [name, value.replace(row.eventType, newer)] as const),
  };
}

export function redriveRequest(id: string, deadLetterId: string): OutboxRow {
  const data = { deadLetterId, service: "validation", by: "ada" };
  return encoded(id, "/cli", DeadLetterRedriveRequestedV1.create("flights", data));
}

function encoded(id: string, source: string, event: NewEvent): OutboxRow {
  return prepareEvent(event, { source, at: ROOT_CONTEXT, now, newId: () => id });
}
