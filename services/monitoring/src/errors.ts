import { HttpProblem } from "@cascade/service-kit";

type MonitoringErrorCode = "PIPELINE_UNKNOWN" | "VERSION_UNKNOWN";

/** What keeps an event from being handled now. It is tried again, and set aside as a dead letter at last. */
class MonitoringError extends Error {
  readonly code: MonitoringErrorCode;

  constructor(code: MonitoringErrorCode, message: string) {
    super(message);
    this.name = "MonitoringError";
    this.code = code;
  }
}

export const monitoringErrors = {
  pipelineUnknown: (pipeline: string) =>
    new MonitoringError(
      "PIPELINE_UNKNOWN",
      `The pipeline ${pipeline} is not known to monitoring. Run cascade apply, then redrive this dead letter.`,
    ),
  versionUnknown: (pipeline: string, version: number) =>
    new MonitoringError(
      "VERSION_UNKNOWN",
      `The promotion of version ${version} of ${pipeline} has not arrived, so there is nothing to compare with. Redrive this dead letter when it has.`,
    ),
  notMonitored: (pipeline: string) =>
    new HttpProblem(
      404,
      "PIPELINE_NOT_MONITORED",
      `The pipeline "${pipeline.slice(0, 100)}" is not monitored. Apply it first; GET /v1/monitoring lists those that are.`,
    ),
} as const;
