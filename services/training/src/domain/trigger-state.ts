import type {
  Column,
  DataOf,
  PipelineSpec,
  TrainingRunSuppressedV1,
  TrainingSet,
  Trigger,
} from "@cascade/contracts";

export type TriggerPolicy = PipelineSpec["training"]["triggers"];
export type SuppressionReason = DataOf<typeof TrainingRunSuppressedV1>["reason"];

/** The part of a pipeline that training keeps. */
export interface AppliedPipeline {
  readonly version: number;
  readonly view: string;
  readonly label: string;
  /** What rows are ordered or grouped by when they are split. */
  readonly eventTime: string | null;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column["type"]>>;
  readonly features: PipelineSpec["features"]["columns"];
  /** Of what it declares of its entities' past; absent where it declares nothing. */
  readonly pastDigest?: string;
  readonly training: PipelineSpec["training"];
}

/** The newest training set that the features service has built. */
export interface Snapshot {
  readonly snapshotId: string;
  readonly trainingSet: TrainingSet;
  /** The pipeline has changed what the training set is made of since; a new one is on its way. */
  readonly outdated?: boolean;
}

/** A trigger that waits until what is missing is there. */
export interface Wish {
  readonly trigger: Trigger;
  readonly reason: SuppressionReason;
  /** When a timer asks again; absent where the next view or the end of a run does. */
  readonly until?: Date;
}

/** What one kind of trigger has started, for the limits of its own. */
export interface OwnRuns {
  /** End of the last run that it started. */
  readonly cooldownFrom?: Date | undefined;
  readonly budget: { readonly day: string; readonly runs: number };
}

/** Runs of all pipelines that have not ended. */
interface UnfinishedRuns {
  readonly underWay: number;
  readonly queued: number;
  /** How many may be under way at once. */
  readonly max: number;
}

/** Everything the trigger policy knows about one pipeline. */
export interface TriggerState {
  readonly pipeline: AppliedPipeline | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Rows accepted since the last run. */
  readonly newRows: number;
  /** When there were enough of them, and when the newest came; unknown where a failed run has given them back. */
  readonly rowsEnoughAt: Date | undefined;
  readonly rowsNewestAt: Date | undefined;
  readonly runningRunId: string | undefined;
  readonly lastStartedAt: Date | undefined;
  readonly lastFinishedAt: Date | undefined;
  /** End of the last run that an event started. */
  readonly cooldownFrom: Date | undefined;
  /** Runs that events started on one day of UTC. */
  readonly budget: { readonly day: string; readonly runs: number };
  readonly byTrigger: Readonly<Partial<Record<Trigger["kind"], OwnRuns>>>;
  readonly wish: Wish | undefined;
  readonly runs: UnfinishedRuns;
}

export const emptyTriggerState: TriggerState = {
  pipeline: undefined,
  snapshot: undefined,
  newRows: 0,
  rowsEnoughAt: undefined,
  rowsNewestAt: undefined,
  runningRunId: undefined,
  lastStartedAt: undefined,
  lastFinishedAt: undefined,
  cooldownFrom: undefined,
  budget: { day: "", runs: 0 },
  byTrigger: {},
  wish: undefined,
  runs: { underWay: 0, queued: 0, max: 1 },
};

/** The day of UTC that a budget of runs belongs to. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function runsOn({ budget }: Pick<OwnRuns, "budget">, now: Date): number {
  return budget.day === dayOf(now) ? budget.runs : 0;
}
