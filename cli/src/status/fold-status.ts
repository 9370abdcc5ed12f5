import { definitionOfType } from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { describeEvent } from "../follow/describe-event.ts";

interface StatusLine {
  readonly label: string;
  readonly type: string;
  readonly text: string;
  readonly at: string;
}

export interface PipelineStatus {
  readonly pipeline: string;
  readonly lines: readonly StatusLine[];
}

/** What a person wants to know of a pipeline, and the entity whose newest event says it. */
const subjects: readonly { readonly label: string; readonly entities: readonly string[] }[] = [
  { label: "pipeline", entities: ["pipeline"] },
  { label: "data", entities: ["dataset"] },
  { label: "features", entities: ["feature-view"] },
  { label: "training", entities: ["training-run"] },
  { label: "evaluation", entities: ["evaluation"] },
  { label: "champion", entities: ["model-version"] },
  { label: "rollout", entities: ["rollout"] },
  { label: "drift", entities: ["window", "drift"] },
  { label: "quality", entities: ["quality-window", "quality"] },
];

/** Folds the newest event of each type into one line per stage and pipeline. */
export function foldStatus(events: readonly StoredEvent[]): PipelineStatus[] {
  const byPipeline = Map.groupBy(events, ({ envelope }) => envelope.subject);
  return [...byPipeline]
    .filter(([, own]) => own.some(({ envelope }) => envelope.type.startsWith("cascade.pipeline.applied.")))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([pipeline, own]) => ({
      pipeline,
      lines: subjects.flatMap(({ label, entities }) => {
        const newest = own
          .filter(({ envelope }) => entities.includes(definitionOfType(envelope.type)?.entity ?? ""))
          .filter(({ envelope }) => label !== "champion" || envelope.type.includes(".promoted."))
          .toSorted((a, b) => a.storedAt.getTime() - b.storedAt.getTime())
          .at(-1);
        if (newest === undefined) return [];
        const { type } = newest.envelope;
        const predicate = definitionOfType(type)?.predicate ?? "";
        const text = `${predicate}: ${describeEvent(type, newest.data).text}`;
        return [{ label, type, text, at: newest.storedAt.toISOString() }];
      }),
    }));
}
