import {
  type AnyEventDefinition,
  type DataOf,
  DriftDetectedV1,
  FeatureViewMaterializedV1,
  PipelineAppliedV1,
  QualityDegradedV1,
  RetrainingRequestedV1,
  ScheduleFiredV1,
  TrainerCodeChangedV1,
  type TrainingSet,
  type Trigger,
} from "@cascade/contracts";
import type { Given } from "@cascade/messaging";
import { appliedPipeline } from "./applied-pipeline.ts";
import { applyPipeline, withSnapshot } from "./change-state.ts";
import { type Considered, consider, reconsiderThenConsider } from "./consider.ts";
import { codeReason, driftReason, qualityReason, scheduleReason } from "./reasons.ts";
import type { AppliedPipeline, TriggerState } from "./trigger-state.ts";

/** An event that has not happened: what it would say, or only how many rows it would bring. */
export interface Supposed {
  readonly eventId: string;
  readonly data?: unknown;
  readonly newRows?: number;
}

type Simulation = (state: TriggerState, supposed: Supposed, given: Given) => Considered;

/** The events that training decides on, and the same decisions that are made when they happen. */
const simulations = new Map<AnyEventDefinition, Simulation>([
  [DriftDetectedV1, triggerOf(DriftDetectedV1, "drift", driftReason)],
  [QualityDegradedV1, triggerOf(QualityDegradedV1, "quality-drop", qualityReason)],
  [
    RetrainingRequestedV1,
    triggerOf(RetrainingRequestedV1, "request", ({ by, reason }) => `asked for by ${by}: ${reason}`),
  ],
  [ScheduleFiredV1, triggerOf(ScheduleFiredV1, "schedule", scheduleReason)],
  [TrainerCodeChangedV1, triggerOf(TrainerCodeChangedV1, "code-change", codeReason)],
  [FeatureViewMaterializedV1, newTrainingSet],
  [PipelineAppliedV1, newVersion],
]);

export const simulatedEvents: readonly AnyEventDefinition[] = [...simulations.keys()];

/** What would follow from an event, in the state that there is now. Nothing is changed by it. */
export function simulate(
  event: AnyEventDefinition,
  state: TriggerState,
  supposed: Supposed,
  given: Given,
): Considered | undefined {
  return simulations.get(event)?.(state, supposed, given);
}

function triggerOf<Data>(
  definition: { readonly schema: { parse(data: unknown): Data } },
  kind: Trigger["kind"],
  reasonOf: (data: Data) => string,
): Simulation {
  return (state, { eventId, data }, given) => {
    const reason = data === undefined ? "simulated" : reasonOf(definition.schema.parse(data));
    return consider(state, { kind, eventId, reason }, given);
  };
}

function newTrainingSet(
  state: TriggerState,
  { eventId, data, newRows = 1 }: Supposed,
  given: Given,
): Considered {
  const told = data === undefined ? undefined : FeatureViewMaterializedV1.schema.parse(data);
  const rows = told?.newRows ?? newRows;
  const trainingSet = told?.trainingSet ?? supposedSet(state.pipeline);
  const renewed =
    trainingSet === undefined
      ? state
      : withSnapshot(state, { snapshotId: told?.snapshotId ?? given.newId(), trainingSet }, rows, given.now);
  const trigger = { kind: "new-data", eventId, reason: `${rows} new rows` } as const;
  return reconsiderThenConsider(renewed, trigger, given);
}

function newVersion(state: TriggerState, { eventId, data }: Supposed, given: Given): Considered {
  const inForce = state.pipeline;
  if (data === undefined) {
    return consider(state, { kind: "pipeline-change", eventId, reason: "simulated" }, given);
  }
  const told: DataOf<typeof PipelineAppliedV1> = PipelineAppliedV1.schema.parse(data);
  const version = Math.max(told.version, (inForce?.version ?? 0) + 1);
  const change = { modelChanged: told.modelChanged, eventId };
  return applyPipeline(state, appliedPipeline({ ...told, version }), change, given);
}

/** A training set as the features service would build it for the pipeline: for the policy its rows are nothing. */
function supposedSet(pipeline: AppliedPipeline | undefined): TrainingSet | undefined {
  if (pipeline === undefined) return undefined;
  const example = FeatureViewMaterializedV1.example.trainingSet;
  const features = Object.entries(pipeline.features).map(([name, column]) =>
    typeof column === "string"
      ? { name, sql: column, kind: "number" as const }
      : { name, sql: column.sql, kind: column.kind ?? "number" },
  );
  const { lookups: _, pastDigest: __, ...set } = example;
  return {
    ...set,
    view: pipeline.view,
    label: pipeline.label,
    features,
    inputColumns: Object.entries(pipeline.columns).map(([name, type]) => ({ name, type })),
    ...(pipeline.pastDigest === undefined ? {} : { pastDigest: pipeline.pastDigest }),
  };
}
