import { type DataOf, Problem, type ServableModel, type TrafficAssignedV1 } from "@cascade/contracts";
import { describeError, type PublishedCause } from "@cascade/messaging";

export type AssignedTraffic = DataOf<typeof TrafficAssignedV1>;

/** What a pipeline's endpoint is to serve, and the event that says so. */
export interface Assignment {
  readonly traffic: AssignedTraffic;
  readonly cause: PublishedCause;
}

export interface LoadFailure {
  readonly version: number;
  readonly problem: Problem;
}

/** Two assignments of a version that mean the same model have the same key. */
export function modelKey({ version, servable }: { version: number; servable: ServableModel }): string {
  return JSON.stringify([version, servable]);
}

/** A load that failed as others are told of it. */
export function loadProblem(error: unknown): Problem {
  const { code, message } = describeError(error);
  const named = Problem.shape.code.safeParse(code);
  return {
    code: named.success ? named.data : "MODEL_NOT_LOADED",
    message: message.slice(0, 8000),
    whatToDo:
      "Look at the message; restore the artifact or promote another version. The replica goes on trying.",
  };
}

/** What may be different the next moment; all else stays as it is however often it is tried. */
export function mayPass(error: unknown): boolean {
  const { code = "" } = describeError(error);
  const passing = ["ARTIFACT_STORE_UNAVAILABLE", "CRASHED", "TIMEOUT", "UNEXPECTED", "MEMORY"];
  return code === "" || passing.includes(code) || code.startsWith("E") || code.startsWith("SANDBOX_");
}
