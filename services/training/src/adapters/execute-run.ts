import type { ArtifactRef, Problem, SearchOutcome } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { Deps } from "../deps.ts";
import { commandLineOf, type PlannedRun } from "../domain/plan-run.ts";
import type { Parameters } from "../domain/search/trial.ts";
import { trainerProblems } from "../errors.ts";
import { codeDigest } from "./code-digest.ts";
import { runSearch } from "./run-search.ts";
import { type KeptModel, trainOnce } from "./train-once.ts";
import { findTrainer, type TrainerProgram } from "./trainer-program.ts";

/** How a run has ended: with a model, or with a problem that trying again would not solve. */
export type RunResult =
  | (KeptModel & {
      readonly outcome: "completed";
      /** Those that the model was trained with, also where they were searched for. */
      readonly parameters: Parameters;
      readonly metrics: Readonly<Record<string, number>>;
      readonly codeDigest: string;
      readonly log: ArtifactRef;
      readonly durationMs: number;
      readonly search?: SearchOutcome;
    })
  | {
      readonly outcome: "failed";
      readonly problem: Problem;
      readonly log?: ArtifactRef;
      readonly logTail: string;
      readonly search?: SearchOutcome;
    };

/** Carries out a run. Throws only where infrastructure fails, so that it is tried again. */
export async function executeRun(run: PlannedRun, deps: Deps, context: JobContext): Promise<RunResult> {
  const { config } = deps;
  const notFound = (reason: string): RunResult => ({
    outcome: "failed",
    problem: trainerProblems.notFound(reason),
    logTail: "",
  });
  const program = await findTrainer(run.trainer, config.trainersDirectory);
  if (typeof program === "string") return notFound(program);
  if (program.image !== undefined && deps.cluster === undefined) {
    return notFound(
      "training.trainer.image needs Kubernetes, of which this training service knows nothing: set its CASCADE_KUBERNETES_CLAIM and CASCADE_KUBERNETES_DIRECTORY.",
    );
  }
  const limits = { files: config.codeFilesMax, bytes: config.codeBytesMax };
  const code = await codeDigest(commandLineOf(run.trainer), program.sources, limits, context.signal);
  if ("refusal" in code) return notFound(code.refusal);
  const result =
    run.search === undefined
      ? await runAlone(run, program, deps, context)
      : await runSearch({ run, search: run.search, program }, deps, context);
  return result.outcome === "completed" ? { ...result, codeDigest: code.digest } : result;
}

type WithoutCode<Result> = Result extends { codeDigest: string } ? Omit<Result, "codeDigest"> : Result;
/** How a program has ended, of which the caller knows what it is. */
export type ProgramOutcome = WithoutCode<RunResult>;

async function runAlone(
  run: PlannedRun,
  program: TrainerProgram,
  deps: Deps,
  context: JobContext,
): Promise<ProgramOutcome> {
  const { parameters } = run;
  const timeLimitMs = Math.round(run.timeoutSeconds * 1000);
  const { progress } = context;
  const task = { run, program, parameters, timeLimitMs, progress, keepsModel: () => true };
  const trained = await trainOnce(task, deps, context);
  if (trained.outcome === "completed" && trained.kept !== undefined) {
    const { metrics, log, durationMs, kept } = trained;
    return { outcome: "completed", parameters, metrics, log, durationMs, ...kept };
  }
  if (trained.outcome !== "failed") throw new Error("A program that nobody stops has kept no model.");
  const { problem, log, logTail } = trained;
  return { outcome: "failed", problem, log, logTail };
}
