import { type FileHandle, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArtifactRef, mediaTypes, type Problem } from "@cascade/contracts";
import type { JobContext, JobProgress } from "@cascade/messaging";
import type { ProgramResult } from "@cascade/sandbox";
import type { Deps } from "../deps.ts";
import { builtinRefusal } from "../domain/builtin-refusal.ts";
import { missingProgram } from "../domain/missing-program.ts";
import type { PlannedRun } from "../domain/plan-run.ts";
import { readable } from "../domain/readable.ts";
import { redact, secretsOf } from "../domain/redact.ts";
import type { Curve, Goal, Parameters } from "../domain/search/trial.ts";
import { trainerProblems } from "../errors.ts";
import { EndedOnPurpose } from "./ended-on-purpose.ts";
import { followProgress } from "./follow-progress.ts";
import { openPlace, type Place } from "./open-place.ts";
import { openResult } from "./open-result.ts";
import { readResults } from "./read-results.ts";
import type { TrainerProgram } from "./trainer-program.ts";
import { watchSteps } from "./watch-steps.ts";
import { writeCsv } from "./write-csv.ts";

/** One start of a training program. */
export interface TrainingTask {
  readonly run: PlannedRun;
  readonly program: TrainerProgram;
  /** Its number in a search. */
  readonly trial?: number;
  readonly parameters: Parameters;
  readonly timeLimitMs: number;
  readonly progress: (update: JobProgress) => void;
  /** Whether the model is worth keeping, once its metrics are known. */
  readonly keepsModel: (metrics: Readonly<Record<string, number>>) => boolean;
  readonly earlyStop?: EarlyStop | undefined;
}

/** Ends a program by what it tells on its way. What `stopsAt` says of a curve it must say of every longer one. */
interface EarlyStop {
  readonly metric: string;
  readonly goal: Goal;
  stopsAt(curve: Curve): number | undefined;
}

/** How it has ended; trying again would not change it. */
export type Trained = { readonly durationMs: number; readonly curve?: Curve } & (
  | {
      readonly outcome: "completed";
      readonly metrics: Readonly<Record<string, number>>;
      readonly log: ArtifactRef;
      readonly kept?: KeptModel;
    }
  | { readonly outcome: "stopped"; readonly log: ArtifactRef }
  | {
      readonly outcome: "failed";
      readonly problem: Problem;
      readonly log: ArtifactRef;
      readonly logTail: string;
    }
);

export interface KeptModel {
  readonly model: ArtifactRef;
  readonly classes?: string[];
  readonly samplePredictions?: ArtifactRef;
}

/** Runs a training program once. Throws only where infrastructure fails, so that it is tried again. */
export async function trainOnce(task: TrainingTask, deps: Deps, context: JobContext): Promise<Trained> {
  const { run } = task;
  const { config, store } = deps;
  await using place = await openPlace(task, deps, (path) => prepareFolder(path, task, deps, context));
  const { folder } = place;
  const { ended, curve, stoppedAt } = await runTrainer(place, task, deps, context);
  context.signal.throwIfAborted();
  const written = await readLog(join(folder, "trainer.log"), config.logBytesMax);
  const logText = redact(readable(written || ended.logTail), secretsOf(deps.environment));
  const log = await store.putBytes(Buffer.from(logText), mediaTypes.text);
  const told = { durationMs: ended.durationMs, ...(curve === undefined ? {} : { curve }) };
  // Decided by what the program told alone, not by whether it was ended in time.
  if (stoppedAt !== undefined) return { ...told, outcome: "stopped", log };
  const failed = (problem: Problem): Trained => ({
    ...told,
    outcome: "failed",
    problem,
    log,
    logTail: logText.slice(-4000).toWellFormed(),
  });
  const problem = problemOf(ended, task, { ...config, folder }, logText);
  if (problem !== undefined) return failed(problem);

  const results = await readResults({
    folder,
    task: run.task,
    features: run.trainingSet.features,
    sandbox: deps.sandbox,
    limits: {
      modelBytes: config.modelBytesMax,
      metricsBytes: config.metricsBytesMax,
      samplesBytes: config.samplesBytesMax,
    },
    signal: context.signal,
  });
  if ("problem" in results) return failed(results.problem);
  const { modelPath, samplesPath, classes, metrics } = results;
  if (!task.keepsModel(metrics)) return { ...told, outcome: "completed", metrics, log };
  const kept: KeptModel = {
    model: await store.putFile(modelPath, mediaTypes.onnx, { signal: context.signal }),
    ...(classes === undefined ? {} : { classes: [...classes] }),
    ...(samplesPath === undefined
      ? {}
      : { samplePredictions: await store.putFile(samplesPath, mediaTypes.json) }),
  };
  return { ...told, outcome: "completed", metrics, log, kept };
}

/** Everything the trainer contract promises to a program before it starts. */
async function prepareFolder(
  folder: string,
  { run, parameters, timeLimitMs, progress }: TrainingTask,
  { store }: Deps,
  { signal }: JobContext,
): Promise<void> {
  progress({ message: "fetching the training set" });
  const { trainingSet, task, seed } = run;
  const request = {
    version: 1,
    task,
    label: trainingSet.label,
    columns: trainingSet.features.map(({ name, kind }) => ({ name, type: kind })),
    parameters,
    seed,
    timeLimitMs,
  };
  await writeFile(join(folder, "request.json"), JSON.stringify(request, null, 2));
  for (const part of ["train", "validation"] as const) {
    const fetched = await store.fetchToFile(trainingSet[part], folder, { signal });
    await rename(fetched, join(folder, `${part}.parquet`));
  }
  if (typeof run.trainer !== "string" && run.trainer.data === "csv") await writeCsv(folder, signal);
}

interface EndedProgram {
  readonly ended: ProgramResult;
  readonly curve?: Curve;
  readonly stoppedAt?: number | undefined;
}

async function runTrainer(
  { folder, environment: ofPlace, run: runHere }: Place,
  { run, program, timeLimitMs, progress, earlyStop }: TrainingTask,
  { config, environment }: Deps,
  { signal }: JobContext,
): Promise<EndedProgram> {
  progress({ message: "training" });
  const secrets = secretsOf(environment);
  const tell = (update: JobProgress) => progress({ ...update, message: redact(update.message, secrets) });
  const file = join(folder, "progress.jsonl");
  const following = followProgress(file, tell, config.progressIntervalMs);
  const stop = new AbortController();
  const watching = earlyStop && {
    ...earlyStop,
    ...watchSteps({
      file,
      metric: earlyStop.metric,
      goal: earlyStop.goal,
      bytesMax: config.progressBytesMax,
      intervalMs: config.progressIntervalMs,
      onCurve: (curve) => {
        if (earlyStop.stopsAt(curve) !== undefined) stop.abort(new EndedOnPurpose("worse than other trials"));
      },
    }),
  };
  let ended: ProgramResult;
  try {
    ended = await runHere({
      command: program.command,
      args: program.args,
      cwd: folder,
      env: {
        PYTHONUNBUFFERED: "1",
        ...ofPlace,
        ...(program.directory === undefined ? {} : { CASCADE_TRAINER_DIRECTORY: program.directory }),
      },
      timeoutMs: timeLimitMs,
      killGraceMs: config.killGraceMs,
      memoryLimitMiB: run.memoryMiB,
      processesMax: config.processesMax,
      diskLimitMiB: config.diskMiB,
      logFile: join(folder, "trainer.log"),
      logLimitBytes: config.logBytesMax,
      signal: AbortSignal.any([signal, stop.signal]),
    });
  } finally {
    await following.stop();
  }
  if (watching === undefined) return { ended };
  const curve = await watching.end();
  const stoppedAt = watching.stopsAt(curve);
  // What came after the stop depends on when it was noticed, and nobody compares with it.
  return { ended, stoppedAt, curve: curve.filter(([step]) => step <= (stoppedAt ?? step)) };
}

function problemOf(
  { outcome, exitCode, signal, peakMemoryMiB, logTail }: ProgramResult,
  { run, program, timeLimitMs }: TrainingTask,
  { logBytesMax, diskMiB, processesMax, folder }: Deps["config"] & { readonly folder: string },
  logText: string,
): Problem | undefined {
  switch (outcome) {
    case "exited": {
      if (exitCode === 0) return undefined;
      const lastLine = logText.trimEnd().split("\n").at(-1) ?? "";
      const refusal = typeof run.trainer === "string" ? builtinRefusal(lastLine) : undefined;
      if (refusal !== undefined) return refusal;
      const missing = missingProgram(program.args, folder, logText.slice(-4000));
      if (missing !== undefined) return trainerProblems.fileNotFound(missing, program.directory);
      return trainerProblems.failed(
        exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`,
        lastLine.slice(0, 1000),
      );
    }
    case "timed-out":
      return trainerProblems.timedOut(timeLimitMs / 1000);
    case "out-of-memory":
      return trainerProblems.outOfMemory(run.memoryMiB, peakMemoryMiB);
    case "out-of-disk":
      return trainerProblems.outOfDisk(diskMiB);
    case "too-many-processes":
      return trainerProblems.tooManyProcesses(processesMax);
    case "log-limit":
      return trainerProblems.logTooLong(logBytesMax);
    case "not-started":
      return trainerProblems.notFound(logTail.trim());
    case "cancelled":
      // The job's own signal has been looked at before; nothing else cancels a program.
      throw new Error("The training program was cancelled; the run is tried again.");
    default:
      return outcome satisfies never;
  }
}

/**
 * There is no log where the program could not be started, and one that the program has put something else in the
 * place of is not read.
 */
async function readLog(file: string, bytesMax: number): Promise<string | undefined> {
  const handle = await openResult(file);
  if (handle === undefined || typeof handle === "string") return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(await roomFor(handle, bytesMax)), 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What we have written ends with a sentence about the limit, which needs a little more. */
async function roomFor(handle: FileHandle, bytesMax: number): Promise<number> {
  return Math.min((await handle.stat()).size, bytesMax + 1024);
}
