import type { SearchOutcome } from "@cascade/contracts";
import { aimOf, type SearchPlan } from "./plan-search.ts";
import { bestTrial, type Trial } from "./trial.ts";

type EndedBy = SearchOutcome["endedBy"];

/** What a search is told as: in short in the event of the run's end, and every trial in an artifact. */
export const searchReport = { outcome, full };

function outcome(
  plan: SearchPlan,
  trials: readonly Trial[],
  endedBy: EndedBy,
): Omit<SearchOutcome, "report"> {
  const { metric, goal } = aimOf(plan);
  const best = bestTrial(trials, goal);
  const count = (wanted: Trial["outcome"]) => trials.filter((trial) => trial.outcome === wanted).length;
  return {
    method: plan.search.method,
    metric,
    goal,
    endedBy,
    trials: { completed: count("completed"), stopped: count("stopped"), failed: count("failed") },
    ...(best === undefined ? {} : { best: best.number }),
  };
}

function full(runId: string, plan: SearchPlan, trials: readonly Trial[], endedBy: EndedBy): object {
  return {
    version: 1,
    runId,
    seed: plan.seed,
    search: plan.search,
    ...outcome(plan, trials, endedBy),
    trials: trials.toSorted((a, b) => a.number - b.number).map(({ kept: _, logTail: __, ...trial }) => trial),
  };
}
