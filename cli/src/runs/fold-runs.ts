import {
  type EventDefinition,
  TrainingRunCancelledV1,
  TrainingRunCompletedV1,
  TrainingRunFailedV1,
  TrainingRunRequestedV1,
  TrainingRunStartedV1,
} from "@cascade/contracts";
import type { StoredEvent } from "@cascade/messaging";
import { formatDuration, formatMetrics } from "../follow/format.ts";

export interface ShownRun {
  readonly runId: string;
  readonly pipeline: string;
  readonly status: "queued" | "running" | "completed" | "failed" | "cancelled";
  readonly trigger: string;
  readonly trainer: string;
  readonly requestedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** How it has ended, in a few words. */
  readonly outcome?: string;
  readonly correlationId: string | undefined;
}

/** The runs that the events of `training-run` tell of, those first that were requested last. */
export function foldRuns(events: readonly StoredEvent[]): ShownRun[] {
  const runs = new Map<string, ShownRun>();
  const change = (runId: string, changes: Partial<ShownRun>) => {
    const run = runs.get(runId);
    if (run !== undefined) runs.set(runId, { ...run, ...changes });
  };
  for (const { data, pipeline, at, correlationId } of read(events, TrainingRunRequestedV1)) {
    const { runId, trigger, trainer } = data;
    const asked = { runId, pipeline, trainer, correlationId, requestedAt: at };
    runs.set(runId, { ...asked, status: "queued", trigger: `${trigger.kind}: ${trigger.reason}` });
  }
  for (const { data, at } of read(events, TrainingRunStartedV1)) {
    change(data.runId, { status: "running", startedAt: at });
  }
  for (const { data, at } of read(events, TrainingRunCompletedV1)) {
    const outcome = `${formatMetrics(data.metrics)} in ${formatDuration(data.durationMs)}`;
    change(data.runId, { status: "completed", endedAt: at, outcome });
  }
  for (const { data, at } of read(events, TrainingRunFailedV1)) {
    change(data.runId, { status: "failed", endedAt: at, outcome: data.problem.message });
  }
  for (const { data, at } of read(events, TrainingRunCancelledV1)) {
    change(data.runId, { status: "cancelled", endedAt: at, outcome: `by ${data.by}: ${data.reason}` });
  }
  return [...runs.values()].sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1));
}

export function isUnfinished({ status }: ShownRun): boolean {
  return status === "queued" || status === "running";
}

function read<Data>(events: readonly StoredEvent[], definition: EventDefinition<Data>) {
  return events
    .filter(({ envelope }) => envelope.type === definition.type)
    .map(({ envelope, data, storedAt }) => ({
      data: definition.schema.parse(data),
      pipeline: envelope.subject,
      at: storedAt.toISOString(),
      correlationId: envelope.correlationid,
    }));
}
