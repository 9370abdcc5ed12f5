import {
  type ArtifactRef,
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetRejectedV1,
  DatasetUnchangedV1,
  DatasetValidatedV1,
} from "@cascade/contracts";
import { collectEvents, type StoredEvent } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";

/** One attempt to bring quarantined rows back. */
interface Resubmission {
  readonly eventId: string;
  readonly at: string;
  readonly outcome: "under way" | "accepted" | "failed";
  /** What its last event says, where it has failed. */
  readonly why?: string;
}

/** Rows of one dataset version that were set aside. */
export interface Quarantined {
  /** The id of the event that told of them. */
  readonly id: string;
  readonly pipeline: string;
  readonly datasetVersion: string;
  readonly rowCount: number;
  readonly rows: ArtifactRef;
  readonly at: string;
  readonly correlationId: string | undefined;
  readonly resubmissions: readonly Resubmission[];
  readonly status: "open" | "resubmitted";
}

/** Reads what is in quarantine from the events that tell of it, oldest first. */
export async function readQuarantine(connection: NatsConnection): Promise<Quarantined[]> {
  const [arrivals, datasets] = await Promise.all([
    collectEvents({ connection, which: "all", subject: "cascade.data.>" }),
    collectEvents({ connection, which: "all", subject: "cascade.dataset.>" }),
  ]);
  return foldQuarantine([...arrivals, ...datasets]);
}

/** Quarantined rows as their events tell it: set aside, perhaps resubmitted, and what has come of that. */
export function foldQuarantine(events: readonly StoredEvent[]): Quarantined[] {
  const causedBy = Map.groupBy(events, ({ envelope }) => envelope.causationid);
  return events.flatMap((event) => {
    const { envelope, data, storedAt } = event;
    if (envelope.type !== DatasetValidatedV1.type) return [];
    const { quarantined, datasetVersion } = DatasetValidatedV1.schema.parse(data);
    if (quarantined === undefined) return [];
    const resubmissions = (causedBy.get(envelope.id) ?? [])
      .filter((caused) => isResubmission(caused, datasetVersion))
      .map((arrival) => resubmissionOf(arrival, causedBy));
    return [
      {
        id: envelope.id,
        pipeline: envelope.subject,
        datasetVersion,
        ...quarantined,
        at: storedAt.toISOString(),
        correlationId: envelope.correlationid,
        resubmissions,
        status: resubmissions.every(({ outcome }) => outcome === "failed") ? "open" : "resubmitted",
      },
    ];
  });
}

function isResubmission({ envelope, data }: StoredEvent, datasetVersion: string): boolean {
  if (envelope.type !== DataArrivedV2.type) return false;
  // Anybody outside may publish arrivals: what cannot be read is none of ours.
  const parsed = DataArrivedV2.schema.safeParse(data);
  return parsed.success && parsed.data.resubmits === datasetVersion;
}

type CausedBy = ReadonlyMap<string | undefined, readonly StoredEvent[]>;

function resubmissionOf(arrival: StoredEvent, causedBy: CausedBy): Resubmission {
  const { envelope, storedAt } = arrival;
  return { eventId: envelope.id, at: storedAt.toISOString(), ...outcomeOf(envelope.id, causedBy) };
}

function outcomeOf(cause: string, causedBy: CausedBy): Pick<Resubmission, "outcome" | "why"> {
  for (const { envelope, data } of causedBy.get(cause) ?? []) {
    switch (envelope.type) {
      case DatasetIngestionFailedV1.type:
        return { outcome: "failed", why: DatasetIngestionFailedV1.schema.parse(data).problem.message };
      case DatasetRejectedV1.type:
        return {
          outcome: "failed",
          why: DatasetRejectedV1.schema.parse(data).violations[0]?.message ?? "rejected",
        };
      case DatasetUnchangedV1.type:
      case DatasetValidatedV1.type:
        return { outcome: "accepted" };
      case DatasetIngestedV1.type:
        return outcomeOf(envelope.id, causedBy);
    }
  }
  return { outcome: "under way" };
}
