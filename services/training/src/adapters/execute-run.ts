import { type FileHandle, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArtifactRef, mediaTypes, type Problem } from "@cascade/contracts";
import type { JobContext, JobProgress } from "@cascade/messaging";
import { type ProgramResult, runProgram } from "@cascade/sandbox";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import type { PlannedRun } from "../domain/plan-run.ts";
import { readable } from "../domain/readable.ts";
import { redact, secretsOf } from "../domain/redact.ts";
import { trainerProblems } from "../errors.ts";
import { codeDigest } from "./code-digest.ts";
import { followProgress } from "./follow-progress.ts";
import { openResult } from "./open-result.ts";
import { readResults } from "./read-results.ts";
import { findTrainer, type TrainerProgram } from "./trainer-program.ts";

/** How a run has ended: with a model, or with a problem that trying again would not solve. */
export type RunResult =
  | {
      readonly outcome: "completed";
      readonly model: ArtifactRef;
      readonly classes?: readonly string[];
      readonly metrics: Readonly<Record<string, number>>;
      readonly samplePredictions?: ArtifactRef;
      readonly codeDigest: string;
      readonly log: ArtifactRef;
      readonly durationMs: number;
    }
  | {
      readonly outcome: "failed";
      readonly problem: Problem;
      readonly log?: ArtifactRef;
      readonly logTail: string;
    };

/** Runs the training program of a run. Throws only where infrastructure fails, so that it is tried again. */
export async function executeRun(run: PlannedRun, deps: Deps, context: JobContext): Promise<RunResult> {
  const { config } = deps;
  const failed = (problem: Problem): RunResult => ({ outcome: "failed", problem, logTail: "" });
  const program = await findTrainer(run.trainer, config.trainersDirectory);
  if (typeof program === "string") return failed(trainerProblems.notFound(program));
  const commandLine = typeof run.trainer === "string" ? [run.trainer] : run.trainer.command;
  const limits = { files: config.codeFilesMax, bytes: config.codeBytesMax };
  const code = await codeDigest(commandLine, program.sources, limits, context.signal);
  if ("refusal" in code) return failed(trainerProblems.notFound(code.refusal));

  await using folder = await openWorkingFolder(deps.workDirectory);
  await prepareFolder(folder.path, run, deps, context);
  const ended = await runTrainer(program, folder.path, run, deps, context);
  context.signal.throwIfAborted();
  const written = await readLog(join(folder.path, "trainer.log"), config.logBytesMax);
  const logText = redact(readable(written || ended.logTail), secretsOf(deps.environment));
  const log = await deps.store.putBytes(Buffer.from(logText), mediaTypes.text);
  const withLog = (problem: Problem): RunResult => ({
    outcome: "failed",
    problem,
    log,
    logTail: logText.slice(-4000).toWellFormed(),
  });
  const problem = problemOf(ended, run, config.logBytesMax, logText);
  if (problem !== undefined) return withLog(problem);

  const results = await readResults({
    folder: folder.path,
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
  if ("problem" in results) return withLog(results.problem);
  const { modelPath, samplesPath, classes, metrics } = results;
  return {
    outcome: "completed",
    model: await deps.store.putFile(modelPath, mediaTypes.onnx, { signal: context.signal }),
    metrics,
    codeDigest: code.digest,
    log,
    durationMs: ended.durationMs,
    ...(classes === undefined ? {} : { classes }),
    ...(samplesPath === undefined
      ? {}
      : { samplePredictions: await deps.store.putFile(samplesPath, mediaTypes.json) }),
  };
}

/** Everything the trainer contract promises to a program before it starts. */
async function prepareFolder(
  folder: string,
  run: PlannedRun,
  { store }: Deps,
  { signal, progress }: JobContext,
): Promise<void> {
  progress({ message: "fetching the training set" });
  const { trainingSet, task, parameters, seed, timeoutSeconds } = run;
  const request = {
    version: 1,
    task,
    label: trainingSet.label,
    columns: trainingSet.features.map(({ name, kind }) => ({ name, type: kind })),
    parameters,
    seed,
    timeLimitMs: Math.round(timeoutSeconds * 1000),
  };
  await writeFile(join(folder, "request.json"), JSON.stringify(request, null, 2));
  for (const part of ["train", "validation"] as const) {
    const fetched = await store.fetchToFile(trainingSet[part], folder, { signal });
    await rename(fetched, join(folder, `${part}.parquet`));
  }
}

async function runTrainer(
  { command, args, directory }: TrainerProgram,
  folder: string,
  run: PlannedRun,
  { config, environment }: Deps,
  { signal, progress }: JobContext,
): Promise<ProgramResult> {
  progress({ message: "training" });
  const secrets = secretsOf(environment);
  const tell = (update: JobProgress) => progress({ ...update, message: redact(update.message, secrets) });
  const following = followProgress(join(folder, "progress.jsonl"), tell, config.progressIntervalMs);
  try {
    return await runProgram({
      command,
      args,
      cwd: folder,
      env: {
        PYTHONUNBUFFERED: "1",
        TMPDIR: folder,
        ...environment,
        ...(directory === undefined ? {} : { CASCADE_TRAINER_DIRECTORY: directory }),
      },
      timeoutMs: Math.round(run.timeoutSeconds * 1000),
      killGraceMs: config.killGraceMs,
      memoryLimitMiB: run.memoryMiB,
      logFile: join(folder, "trainer.log"),
      logLimitBytes: config.logBytesMax,
      signal,
    });
  } finally {
    await following.stop();
  }
}

function problemOf(
  { outcome, exitCode, signal, peakMemoryMiB, logTail }: ProgramResult,
  run: PlannedRun,
  logBytesMax: number,
  logText: string,
): Problem | undefined {
  switch (outcome) {
    case "exited": {
      if (exitCode === 0) return undefined;
      const lastLine = logText.trimEnd().split("\n").at(-1) ?? "";
      return trainerProblems.failed(
        exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`,
        lastLine.slice(0, 1000),
      );
    }
    case "timed-out":
      return trainerProblems.timedOut(run.timeoutSeconds);
    case "out-of-memory":
      return trainerProblems.outOfMemory(run.memoryMiB, peakMemoryMiB);
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
