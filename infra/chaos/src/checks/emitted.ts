import { type ServiceName, services } from "@cascade/contracts";
import { type Evidence, type Row, rowsOf, text } from "../evidence/evidence.ts";

/** An event as its service has recorded it in the outbox. */
export interface Emitted {
  readonly service: ServiceName;
  readonly eventId: string;
  readonly type: string;
  readonly pipeline: string;
  readonly causationId: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly row: Row;
}

const remembered = new WeakMap<object, readonly Emitted[]>();

/** Every event of every outbox. */
export function emittedIn({ tables }: Pick<Evidence, "tables">): readonly Emitted[] {
  const known = remembered.get(tables);
  if (known !== undefined) return known;
  const emitted = services.flatMap((service) =>
    rowsOf({ tables }, service, "outbox").map((row) => readRow(service, row)),
  );
  remembered.set(tables, emitted);
  return emitted;
}

function readRow(service: ServiceName, row: Row): Emitted {
  const headers = row.headers as [string, string][];
  const payload = row.payload as Uint8Array;
  return {
    service,
    eventId: text(row, "event_id"),
    type: text(row, "event_type"),
    pipeline: text(row, "pipeline"),
    causationId: headers.find(([name]) => name === "ce-causationid")?.[1],
    data: JSON.parse(new TextDecoder().decode(payload)),
    row,
  };
}

/** The event's name without prefix and version: `dataset.ingested`. */
export function nameOf(type: string): string {
  return type.replace(/^cascade\./, "").replace(/\.v\d+$/, "");
}

export function causedBy(evidence: Pick<Evidence, "tables">, causationId: string, ...names: string[]) {
  return emittedIn(evidence).filter(
    (event) => event.causationId === causationId && names.includes(nameOf(event.type)),
  );
}
