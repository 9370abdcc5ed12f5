import { Reject } from "@cascade/messaging";
import { HttpProblem } from "@cascade/service-kit";

/** Every error of the registry: what the runtime sets aside, and what the read side answers. */

export const pipelineUnknown = (pipeline: string) =>
  new Reject(
    "PIPELINE_UNKNOWN",
    `No pipeline ${pipeline} has been applied. Run \`cascade apply\` with its file, then redrive this event.`,
  );

export const noSuchPipeline = (pipeline: string) =>
  new HttpProblem(
    404,
    "PIPELINE_UNKNOWN",
    `There is no pipeline ${JSON.stringify(pipeline.slice(0, 80))}. Run \`cascade apply\` with its file first.`,
  );

export const noSuchVersion = (pipeline: string, version: number) =>
  new HttpProblem(404, "VERSION_UNKNOWN", `The pipeline ${pipeline} has no model version ${version}.`);

export const noChampion = (pipeline: string) =>
  new HttpProblem(404, "NO_CHAMPION", `No model version of ${pipeline} is champion at present.`);

export const invalidRequest = (problems: readonly string[]) =>
  new HttpProblem(400, "REQUEST_INVALID", `${problems.join("; ")}.`);
