import type { Evidence } from "../evidence/evidence.ts";

export interface Reference {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Where it was found: a table's row or an event. */
  readonly where: string;
}

/** Every artifact reference in any table or event, each digest once. */
export function artifactReferences({ tables, messages }: Pick<Evidence, "tables" | "messages">) {
  const found = new Map<string, Reference>();
  for (const [service, ofService] of Object.entries(tables)) {
    for (const [table, rows] of Object.entries(ofService)) {
      for (const row of rows) collect(row, `${service}.${table}`, found);
    }
  }
  for (const { data, type, id } of messages) collect(data, `${type} ${id}`, found);
  return found;
}

function collect(value: unknown, where: string, found: Map<string, Reference>): void {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value) || value instanceof Date)
    return;
  if ("digest" in value && "sizeBytes" in value && "mediaType" in value) {
    const { digest, sizeBytes } = value;
    if (typeof digest === "string" && typeof sizeBytes === "number" && !found.has(digest)) {
      found.set(digest, { digest, sizeBytes, where });
    }
    return;
  }
  for (const item of Object.values(value)) collect(item, where, found);
}
