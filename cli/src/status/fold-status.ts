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

interface Subject {
  readonly label: string;
  readonly entities: readonly string[];
  /** Which of their events say it; all of them where it is left out. */
  readonly predicate?: string;
}

/** What a person wants to know of a pipeline, and the entity whose newest event says it. */
const subjects: readonly Subject[] = [
  { label: "pipeline", entities: ["pipeline"], predicate: "applied" },
  { label: "data", entities: ["dataset"] },
  { label: "features", entities: ["feature-view"] },
  { label: "training", entities: ["training-run"] },
  { label: "evaluation", entities: ["evaluation"] },
  { label: "champion", entities: ["model-version"], predicate: "promoted" },
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
      lines: subjects.flatMap((subject) => {
        const newest = newestOf(own, subject);
        if (newest === undefined) return [];
        const line = lineOf(subject.label, newest);
        return subject.label === "pipeline" ? [line, ...refusalAfter(newest, own)] : [line];
      }),
    }));
}

function newestOf(own: readonly StoredEvent[], { entities, predicate }: Subject): StoredEvent | undefined {
  return own
    .filter(({ envelope }) => {
      const definition = definitionOfType(envelope.type);
      if (definition === undefined || !entities.includes(definition.entity)) return false;
      return predicate === undefined || definition.predicate === predicate;
    })
    .toSorted((a, b) => a.storedAt.getTime() - b.storedAt.getTime())
    .at(-1);
}

function lineOf(label: string, { envelope, data, storedAt }: StoredEvent): StatusLine {
  const { type } = envelope;
  const predicate = definitionOfType(type)?.predicate ?? "";
  const text = `${predicate}: ${describeEvent(envelope, data).text}`;
  return { label, type, text, at: storedAt.toISOString() };
}

/** A file that was refused changes nothing: what was applied before it stays in force. */
function refusalAfter(applied: StoredEvent, own: readonly StoredEvent[]): StatusLine[] {
  const refused = newestOf(own, { label: "", entities: ["pipeline"], predicate: "refused" });
  if (refused === undefined || refused.storedAt <= applied.storedAt) return [];
  const line = lineOf("", refused);
  const [first = ""] = describeEvent(refused.envelope, refused.data).details ?? [];
  return [{ ...line, text: `then refused, and the version above stays: ${first}` }];
}
