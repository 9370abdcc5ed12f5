import {
  type NewEvent,
  RolloutAdvancedV1,
  RolloutCompletedV1,
  RolloutRolledBackV1,
  RolloutStartedV1,
  type ServableModel,
  TrafficAssignedV1,
} from "@cascade/contracts";
import type { Analysis } from "./analysis.ts";
import type { Outcome } from "./endpoint.ts";

/** Everything that a change of an endpoint can be told with. */
export const endpointEvents = [
  RolloutStartedV1,
  TrafficAssignedV1,
  RolloutAdvancedV1,
  RolloutCompletedV1,
  RolloutRolledBackV1,
] as const;

export type EndpointEvent = NewEvent<(typeof endpointEvents)[number]["type"]>;

export type Servables = ReadonlyMap<number, ServableModel>;

/** The events that tell what happened to an endpoint. */
export function tell(pipeline: string, outcomes: readonly Outcome[], servables: Servables): EndpointEvent[] {
  return outcomes.map((outcome) => tellOne(pipeline, outcome, servables));
}

function tellOne(pipeline: string, outcome: Outcome, servables: Servables): EndpointEvent {
  switch (outcome.kind) {
    case "started": {
      const { rolloutId, version, strategy, steps } = outcome.plan;
      const data = { rolloutId, version, ...previous(outcome.plan), strategy, steps: [...steps] };
      return RolloutStartedV1.create(pipeline, data);
    }
    case "assigned": {
      const versions = outcome.traffic.map((share) => ({ ...share, servable: servableOf(share, servables) }));
      const { revision, rolloutId } = outcome;
      return TrafficAssignedV1.create(pipeline, { revision, rolloutId, versions });
    }
    case "advanced": {
      const { plan, step, weightPercent, analysis } = outcome;
      const { rolloutId, version } = plan;
      return RolloutAdvancedV1.create(pipeline, { rolloutId, version, step, weightPercent, analysis });
    }
    case "completed": {
      const { plan, endedAt } = outcome.rollout;
      const durationMs = Math.max(0, endedAt.getTime() - plan.startedAt.getTime());
      const replicas = [...outcome.replicas];
      const { rolloutId, version } = plan;
      return RolloutCompletedV1.create(pipeline, { rolloutId, version, replicas, durationMs });
    }
    case "rolled-back": {
      const { plan, reason } = outcome.rollout;
      const { rolloutId, version } = plan;
      const data = { rolloutId, version, ...previous(plan), reason, ...analysisOf(outcome.analysis) };
      return RolloutRolledBackV1.create(pipeline, data);
    }
    default:
      return outcome satisfies never;
  }
}

const previous = ({ previousVersion }: { previousVersion?: number }) =>
  previousVersion === undefined ? {} : { previousVersion };

const analysisOf = (analysis: Analysis | undefined) => (analysis === undefined ? {} : { analysis });

function servableOf({ version }: { version: number }, servables: Servables): ServableModel {
  const servable = servables.get(version);
  if (servable === undefined)
    throw new RangeError(`version ${version} was never promoted, so it cannot serve`);
  return servable;
}
