import type { Problem, SearchOutcome, SearchSection } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { Deps } from "../deps.ts";
import type { PlannedRun } from "../domain/plan-run.ts";
import {
  aimOf,
  isHopeless,
  type PlannedTrial,
  type SearchPlan,
  trialCount,
  trialsToBegin,
} from "../domain/search/plan-search.ts";
import { searchReport } from "../domain/search/search-report.ts";
import { bestTrial, type Trial } from "../domain/search/trial.ts";
import { trainerProblems } from "../errors.ts";
import type { ProgramOutcome } from "./execute-run.ts";
import { runTrial } from "./run-trial.ts";
import type { TrainerProgram } from "./trainer-program.ts";

export interface SearchTask {
  readonly run: PlannedRun;
  readonly search: SearchSection;
  readonly program: TrainerProgram;
}

type EndedBy = SearchOutcome["endedBy"];

/**
 * Makes the trials of a search. Each that ends is kept at once: a run that begins anew, after a crash or on
 * another machine, goes on with the ones that are missing, and comes to the same end.
 */
export async function runSearch(task: SearchTask, deps: Deps, context: JobContext): Promise<ProgramOutcome> {
  const { run, search } = task;
  const plan: SearchPlan = { search, task: run.task, seed: run.seed };
  const { goal } = aimOf(plan);
  const trials = await deps.trials.read(run.runId);
  const endedBy = await makeTrials(task, plan, trials, deps, context);
  context.signal.throwIfAborted();
  const best = bestTrial(trials, goal);
  const outcome: SearchOutcome = {
    ...searchReport.outcome(plan, trials, endedBy),
    report: await deps.store.putJson(searchReport.full(run.runId, plan, trials, endedBy)),
  };
  if (best?.kept === undefined || best.metrics === undefined || best.log === undefined)
    return { ...failureOf(trials), search: outcome };
  const { parameters, metrics, log, kept } = best;
  const began = trials.map(({ beganAt }) => Date.parse(beganAt));
  const ended = trials.map(({ durationMs }, index) => (began[index] ?? 0) + durationMs);
  const durationMs = Math.max(0, Math.max(...ended) - Math.min(...began));
  return { outcome: "completed", parameters, metrics, log, durationMs, search: outcome, ...kept };
}

/** Begins trials as room is free, until there are none left, the time is over, or all have failed. */
async function makeTrials(
  { run, search, program }: SearchTask,
  plan: SearchPlan,
  trials: Trial[],
  deps: Deps,
  context: JobContext,
): Promise<EndedBy> {
  const { goal, metric } = aimOf(plan);
  const parallel = Math.min(search.parallel, deps.config.trialsParallelMax);
  const count = trialCount(plan);
  const beganAtMs = Math.min(Date.now(), ...trials.map(({ beganAt }) => Date.parse(beganAt)));
  const deadlineMs = beganAtMs + (search.timeSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const running = new Map<number, Promise<void>>();
  const failures: unknown[] = [];
  const tell = (text: string) => context.progress({ message: text, share: trials.length / count });

  const make = async (planned: PlannedTrial): Promise<void> => {
    const name = `trial ${planned.number + 1} of ${count}`;
    const trial = await runTrial(
      {
        run,
        search,
        program,
        planned,
        metric,
        timeLimitMs: Math.round(Math.min(run.timeoutSeconds * 1000, deadlineMs - Date.now())),
        best: () => bestTrial(trials, goal),
        tell: (text) => tell(`${name}: ${text}`),
      },
      deps,
      context,
    );
    await deps.trials.insert(run.runId, trial);
    trials.push(trial);
    tell(`${name} ${trial.outcome}${trial.value === undefined ? "" : `: ${metric} ${trial.value}`}`);
  };

  for (;;) {
    const isOver = deadlineMs - Date.now() < 1;
    const mayBegin = !isOver && !isHopeless(trials) && failures.length === 0 && !context.signal.aborted;
    const room = mayBegin ? parallel - running.size : 0;
    for (const planned of trialsToBegin(plan, trials, [...running.keys()], room)) {
      const { number } = planned;
      const made = make(planned).catch((error: unknown) => {
        failures.push(error);
      });
      running.set(
        number,
        made.then(() => {
          running.delete(number);
        }),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  // What failed is infrastructure: those that ended well meanwhile are kept, and the run is tried again.
  if (failures.length > 0) throw failures[0];
  if (isHopeless(trials)) return "failures";
  return trialsToBegin(plan, trials).length > 0 ? "time" : "trials";
}

/** The first problem stands for all: in a search without any model it is mostly the program's own. */
function failureOf(trials: readonly Trial[]): Extract<ProgramOutcome, { outcome: "failed" }> {
  const first = trials
    .toSorted((a, b) => a.number - b.number)
    .find((trial): trial is Trial & { problem: Problem } => trial.problem !== undefined);
  return {
    outcome: "failed",
    problem: trainerProblems.noTrialCompleted(trials.length, first?.problem),
    logTail: first?.logTail ?? "",
    ...(first?.log === undefined ? {} : { log: first.log }),
  };
}
