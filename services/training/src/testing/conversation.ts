import {
  DriftDetectedV1,
  RetrainingRequestedV1,
  TrainingRunCompletedV1,
  TrainingRunFailedV1,
  TrainingRunSuppressedV1,
} from "@cascade/contracts";
import type { ServiceUnderTest } from "@cascade/service-kit/testing";

/** What the component tests wait for and ask, in words of their own. */
export function conversation(training: () => ServiceUnderTest) {
  return {
    completed: (pipeline: string, kind?: string) =>
      training().nextEvent(
        TrainingRunCompletedV1,
        (event) => event.pipeline === pipeline && (kind === undefined || event.data.trigger.kind === kind),
      ),
    failed: (pipeline: string) =>
      training().nextEvent(TrainingRunFailedV1, (event) => event.pipeline === pipeline),
    suppressed: (pipeline: string, reason: string) =>
      training().nextEvent(
        TrainingRunSuppressedV1,
        (event) => event.pipeline === pipeline && event.data.reason === reason,
      ),
    drift: (pipeline: string) =>
      training().publish(DriftDetectedV1.create(pipeline, DriftDetectedV1.example)),
    request: (pipeline: string) =>
      training().publish(RetrainingRequestedV1.create(pipeline, RetrainingRequestedV1.example)),
  };
}

/** Triggers without a cooldown, of which new data are off. */
export const triggers = (changes: object) => ({
  newData: null,
  drift: { minNewRows: 1 },
  qualityDrop: { minNewRows: 1 },
  cooldownSeconds: 0,
  runsPerDay: 24,
  ...changes,
});

export const linear = { trainer: "builtin/linear" } as const;
