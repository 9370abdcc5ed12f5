import {
  AlertRaisedV1,
  AlertResolvedV1,
  DriftDetectedV1,
  QualityDegradedV1,
  QualityWindowClosedV1,
  WindowClosedV1,
} from "@cascade/contracts";

/** What can follow from predictions and from labels: either may be the one that comes last. */
export const watchEvents = [
  WindowClosedV1,
  DriftDetectedV1,
  QualityWindowClosedV1,
  QualityDegradedV1,
  AlertRaisedV1,
  AlertResolvedV1,
] as const;
