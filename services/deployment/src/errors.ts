import { HttpProblem } from "@cascade/service-kit";

type DeploymentErrorCode = "PIPELINE_UNKNOWN";

/** What keeps the deployment from handling an event for now. The message says what to do next. */
class DeploymentError extends Error {
  readonly code: DeploymentErrorCode;

  constructor(code: DeploymentErrorCode, message: string) {
    super(message);
    this.name = "DeploymentError";
    this.code = code;
  }
}

export const pipelineUnknown = (pipeline: string) =>
  new DeploymentError(
    "PIPELINE_UNKNOWN",
    `How to deploy ${pipeline} is not known. Run \`cascade apply\` with its file, then redrive this event.`,
  );

export const noSuchEndpoint = (pipeline: string) =>
  new HttpProblem(
    404,
    "ENDPOINT_UNKNOWN",
    `Nothing of a pipeline ${JSON.stringify(pipeline.slice(0, 80))} has been deployed yet.`,
  );

export const invalidRequest = (problems: readonly string[]) =>
  new HttpProblem(400, "REQUEST_INVALID", `${problems.join("; ")}.`);
