import { goalOf, type SearchSection } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { Deps } from "../deps.ts";
import type { PlannedRun } from "../domain/plan-run.ts";
import { stoppedAt } from "../domain/search/median-rule.ts";
import { aimOf, type PlannedTrial } from "../domain/search/plan-search.ts";
import { isBetter, type Trial } from "../domain/search/trial.ts";
import { trainerProblems } from "../errors.ts";
import { type Trained, trainOnce } from "./train-once.ts";
import type { TrainerProgram } from "./trainer-program.ts";

export interface TrialTask {
  readonly run: PlannedRun;
  readonly search: SearchSection;
  readonly program: TrainerProgram;
  readonly planned: PlannedTrial;
  /** What the search compares. */
  readonly metric: string;
  readonly timeLimitMs: number;
  /** The best of those that have ended by now. */
  readonly best: () => Trial | undefined;
  readonly tell: (text: string) => void;
}

/** Makes one trial of a search. Throws only where infrastructure fails. */
export async function runTrial(task: TrialTask, deps: Deps, context: JobContext): Promise<Trial> {
  const { run, search, program, planned, metric, timeLimitMs } = task;
  const { number, before } = planned;
  const { goal } = aimOf({ search, task: run.task, seed: run.seed });
  const parameters = { ...run.parameters, ...planned.parameters };
  const begun = { number, parameters, beganAt: new Date().toISOString() };
  const rule = search.earlyStopping;
  const stopGoal = rule && (rule.goal ?? goalOf(rule.metric) ?? "minimize");
  const trained = await trainOnce(
    {
      run,
      program,
      trial: number,
      parameters,
      timeLimitMs,
      progress: ({ message }) => task.tell(message),
      keepsModel: ({ [metric]: value }) =>
        value !== undefined &&
        isBetter({ ...begun, outcome: "completed", value, durationMs: 0 }, task.best(), goal),
      earlyStop: rule &&
        stopGoal && {
          metric: rule.metric,
          goal: stopGoal,
          stopsAt: (curve) => stoppedAt(curve, before, { goal: stopGoal, afterSteps: rule.afterSteps }),
        },
    },
    deps,
    context,
  );
  const isCut = timeLimitMs < Math.round(run.timeoutSeconds * 1000);
  return { ...begun, ...asTrial(trained, metric, isCut) };
}

/** `isCut`: the search had less time left than a trial may take. */
function asTrial(
  trained: Trained,
  metric: string,
  isCut: boolean,
): Omit<Trial, "number" | "parameters" | "beganAt"> {
  const { durationMs, curve, log } = trained;
  const told = { durationMs, log, ...(curve === undefined ? {} : { curve }) };
  if (trained.outcome === "stopped") return { ...told, outcome: "stopped" };
  if (trained.outcome === "failed") {
    const { problem, logTail } = trained;
    if (isCut && problem.code === "TRAINER_TIMED_OUT") return { ...told, outcome: "stopped", problem };
    return { ...told, outcome: "failed", problem, logTail };
  }
  const { metrics, kept } = trained;
  const value = metrics[metric];
  if (value === undefined) {
    const problem = trainerProblems.metricMissing(metric, Object.keys(metrics));
    return { ...told, outcome: "failed", problem, metrics: { ...metrics } };
  }
  return {
    ...told,
    outcome: "completed",
    value,
    metrics: { ...metrics },
    ...(kept === undefined ? {} : { kept }),
  };
}
