import type { AnyEventDefinition, Problem } from "@cascade/contracts";
import { HttpProblem } from "@cascade/service-kit";
import { readable } from "./domain/readable.ts";

/** What programs and their files say goes into events and databases: whole characters, and not too many. */
const told = (message: string) => readable(message.slice(0, 8000));

/** Every way in which a training program ends without a model that can be used. */
export const trainerProblems = {
  notFound: (message: string): Problem => ({
    code: "TRAINER_NOT_FOUND",
    message: told(message),
    whatToDo:
      "Check training.trainer in the pipeline file, and that the program and its directory are there on the machine where the training service runs, or in its image. Then run cascade retrain.",
  }),
  fileNotFound: (file: string, directory: string | undefined): Problem => ({
    code: "TRAINER_NOT_FOUND",
    message: told(
      directory === undefined
        ? `There is no ${file} where the program is started, and training.trainer names no directory to find it in.`
        : `There is no ${file} in the trainer's directory ${directory}.`,
    ),
    whatToDo:
      "Correct training.trainer.command, or training.trainer.directory, in the pipeline file and run cascade apply; or put the file there, then run cascade retrain.",
  }),
  failed: (exit: string, lastLine: string): Problem => ({
    code: "TRAINER_FAILED",
    message: told(
      `The training program ended with ${exit}.${lastLine === "" ? "" : ` Its last line: ${lastLine}`}`,
    ),
    whatToDo: "Read the log, correct the program or its data, then run cascade retrain.",
  }),
  timedOut: (timeoutSeconds: number): Problem => ({
    code: "TRAINER_TIMED_OUT",
    message: `The training program was stopped after ${timeoutSeconds} s.`,
    whatToDo:
      "Raise training.timeoutSeconds, or give the program less to do (training.window, parameters). request.json tells it the limit as timeLimitMs.",
  }),
  outOfMemory: (memoryMiB: number, peakMiB: number): Problem => ({
    code: "TRAINER_OUT_OF_MEMORY",
    message: `The training program needed ${Math.round(peakMiB)} MiB of memory; its limit is ${memoryMiB} MiB.`,
    whatToDo: "Raise training.memoryMiB, or train on fewer rows (training.window).",
  }),
  outOfDisk: (limitMiB: number): Problem => ({
    code: "TRAINER_OUT_OF_DISK",
    message: `The training program wrote more than ${limitMiB} MiB into its working folder and was stopped.`,
    whatToDo:
      "Let it write less (checkpoints, copies of the data), or raise CASCADE_TRAINER_DISK_MIB of the training service.",
  }),
  tooManyProcesses: (limit: number): Problem => ({
    code: "TRAINER_FAILED",
    message: `The training program had more than ${limit} processes and was stopped with all of them.`,
    whatToDo: "Let it start fewer workers, or raise CASCADE_TRAINER_PROCESSES_MAX of the training service.",
  }),
  logTooLong: (limitBytes: number): Problem => ({
    code: "TRAINER_FAILED",
    message: `The training program wrote more than ${limitBytes} bytes to its log and was stopped.`,
    whatToDo: "Let the program write less, or raise CASCADE_TRAINER_LOG_BYTES_MAX.",
  }),
  modelMissing: (why: string): Problem => ({
    code: "MODEL_MISSING",
    message: `The training program ended with 0, but ${why}.`,
    whatToDo: "Write the model to model.onnx in the folder that the program is started in.",
  }),
  modelUnreadable: (why: string): Problem => ({
    code: "MODEL_UNREADABLE",
    message: told(`model.onnx cannot be used: ${why}`),
    whatToDo:
      "Export the model as one self-contained ONNX file (no external data, no operators of your own), for example with skl2onnx, and check it with onnx.checker.",
  }),
  modelContract: (mismatches: readonly string[]): Problem => ({
    code: "MODEL_CONTRACT",
    message: told(`model.onnx does not fit the features of request.json: ${mismatches.join("; ")}.`),
    whatToDo:
      "Give the model one [N,1] input per column of request.json with the same name (float for number, string for category), and the outputs label (int64) and probabilities (float [N,classes]) for a classification or prediction (float) for a regression.",
  }),
  metricMissing: (metric: string, names: readonly string[]): Problem => ({
    code: "METRICS_INVALID",
    message: told(
      `metrics.json has no "${metric}", which the search compares (it has ${names.join(", ") || "none"}).`,
    ),
    whatToDo: "Write it, or name one that is there as training.search.metric.",
  }),
  noTrialCompleted: (trials: number, first: Problem | undefined): Problem => ({
    code: "SEARCH_WITHOUT_MODEL",
    message: told(
      `None of ${trials} trials has given a model.${first === undefined ? "" : ` The first problem: ${first.code}: ${first.message}`}`,
    ),
    whatToDo:
      first?.whatToDo ??
      "Give the search more time (training.search.timeSeconds), or its trials less to do (training.window, training.parameters).",
  }),
  metricsInvalid: (why: string): Problem => ({
    code: "METRICS_INVALID",
    message: told(`metrics.json cannot be used: ${why}`),
    whatToDo:
      'Write {"metrics": {"auc": 0.71}} with finite numbers. Python writes NaN for a metric that is not defined: leave such a metric out.',
  }),
  samplesInvalid: (why: string): Problem => ({
    code: "SAMPLE_PREDICTIONS_INVALID",
    message: told(`sample_predictions.json cannot be used: ${why}`),
    whatToDo:
      'Write {"rows": [{"column": value}], "predictions": [[number]]}, one list of numbers for each row, or do not write the file.',
  }),
} as const;

/** What the read side answers to questions that it has no answer to. */
export const pipelineUnknown = (pipeline: string) =>
  new HttpProblem(
    404,
    "PIPELINE_UNKNOWN",
    `Training knows no pipeline ${JSON.stringify(pipeline.slice(0, 80))}. Run \`cascade apply\` with its file first.`,
  );

export const eventUnknown = (event: string, known: readonly AnyEventDefinition[]) =>
  new HttpProblem(
    400,
    "EVENT_UNKNOWN",
    `Training decides nothing on ${JSON.stringify(event.slice(0, 80))}. It decides on ${known.map(({ entity, predicate }) => `${entity}.${predicate}`).join(", ")}.`,
  );

export const invalidRequest = (problems: readonly string[]) =>
  new HttpProblem(400, "REQUEST_INVALID", `${problems.join("; ").slice(0, 2000)}.`);

/** Why a run cannot be cancelled. */
export const cancellationProblems = {
  unknown: (runId: string, pipeline: string): Problem => ({
    code: "RUN_UNKNOWN",
    message: told(`${pipeline} has no run ${runId}.`),
    whatToDo: "See which runs there are: cascade runs list.",
  }),
  over: (status: "completed" | "failed" | "cancelled", at: Date | undefined): Problem => ({
    code: "RUN_OVER",
    message: `The run ${status === "cancelled" ? "was cancelled" : status} at ${at?.toISOString() ?? "an unknown time"}; there is nothing to cancel.`,
    whatToDo:
      status === "completed"
        ? "To have its model no longer serve, run cascade rollback."
        : "cascade retrain asks for another run.",
  }),
  asked: (by: string): Problem => ({
    code: "RUN_CANCELLED",
    message: told(`${by} has cancelled the run already; its program is being ended.`),
    whatToDo: "Wait for training-run.cancelled: cascade runs list.",
  }),
} as const;

/** Why a run cannot be repeated, or was in vain. */
export const reproductionProblems = {
  unknown: (runId: string, pipeline: string): Problem => cancellationProblems.unknown(runId, pipeline),
  withoutModel: (status: string): Problem => ({
    code: "RUN_WITHOUT_MODEL",
    message: `The run is ${status}: there is no model to compare with.`,
    whatToDo: "Choose a run that has completed: cascade runs list.",
  }),
  notKept: (): Problem => ({
    code: "RUN_NOT_KEPT",
    message: "The run was made by a version of Cascade that did not keep what a repetition needs.",
    whatToDo: "Run cascade retrain; that run can be repeated.",
  }),
  differs: (differences: readonly string[]): Problem => ({
    code: "NOT_REPRODUCED",
    message: told(`The repeated run is not the same: ${differences.join("; ")}.`),
    whatToDo:
      "If the program has changed, put the old one back. If not, let it take all its randomness from the seed of request.json, keep to one thread where sums depend on their order, and write no times or random names into the model.",
  }),
} as const;

/** The run could not be carried out for a reason that is not the trainer's. */
export function infrastructureProblem(error: { code?: string; message: string }): Problem {
  return {
    code:
      error.code !== undefined && /^[A-Z][A-Z0-9_]{2,63}$/.test(error.code) ? error.code : "RUN_IMPOSSIBLE",
    message: told(error.message),
    whatToDo:
      "This is no fault of the training program. Look at the log of the training service; when the cause is gone, run cascade retrain.",
  };
}
