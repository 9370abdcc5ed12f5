import type { Trigger } from "@cascade/contracts";
import type { Given } from "@cascade/messaging";
import { decideTrigger, type TriggerDecision } from "./decide-trigger.ts";
import { type PlannedRun, planRun } from "./plan-run.ts";
import { dayOf, runsOn, type SuppressionReason, type TriggerState, type Wish } from "./trigger-state.ts";

/** One answer of the policy, as it is told and recorded. */
export type Answer =
  | {
      readonly kind: "started";
      readonly trigger: Trigger;
      readonly run: PlannedRun;
      /** Where it has to wait for runs of other pipelines. */
      readonly queue?: { readonly ahead: number; readonly runsMax: number };
    }
  | {
      readonly kind: "suppressed";
      readonly trigger: Trigger;
      readonly reason: SuppressionReason;
      readonly message: string;
      readonly pending: boolean;
    };

/** The state after a decision, what was answered, and the wish that a timer is to look at again. */
export interface Considered {
  readonly state: TriggerState;
  readonly answers: readonly Answer[];
  readonly timer?: { readonly wishEventId: string; readonly at: Date };
}

/** Decides a new trigger; at most one wish waits afterwards. */
export function consider(state: TriggerState, trigger: Trigger, given: Given): Considered {
  const decision = decideTrigger(state, state.pipeline?.training.triggers, trigger, given.now);
  const { wish } = state;
  switch (decision.kind) {
    case "start":
      return start(state, trigger, given);
    case "suppress":
      return { state, answers: [suppressed(trigger, decision, false)] };
    case "wait": {
      if (wish !== undefined && !yields(wish, trigger, decision)) {
        const message = `the ${wish.trigger.kind} that waits already (${wish.reason}) is answered first, with the newest rows`;
        return {
          state,
          answers: [{ kind: "suppressed", trigger, reason: "SUPERSEDED", message, pending: false }],
        };
      }
      return {
        state: { ...state, wish: wishFor(trigger, decision) },
        answers: [
          ...supersede(wish, `a newer ${trigger.kind} waits instead`),
          suppressed(trigger, decision, true),
        ],
        ...timerFor(trigger, decision),
      };
    }
    default:
      return decision satisfies never;
  }
}

/** Decides the waiting wish again, because something has changed. Says so only where the reason is another. */
export function reconsider(state: TriggerState, given: Given): Considered {
  const { wish } = state;
  if (wish === undefined) return { state, answers: [] };
  const { trigger } = wish;
  const decision = decideTrigger(state, state.pipeline?.training.triggers, trigger, given.now);
  switch (decision.kind) {
    case "start":
      return start({ ...state, wish: undefined }, trigger, given);
    case "suppress":
      return { state: { ...state, wish: undefined }, answers: [suppressed(trigger, decision, false)] };
    case "wait": {
      const sameTime = decision.until?.getTime() === wish.until?.getTime();
      return {
        state: { ...state, wish: wishFor(trigger, decision) },
        answers: decision.reason === wish.reason ? [] : [suppressed(trigger, decision, true)],
        ...(sameTime ? {} : timerFor(trigger, decision)),
      };
    }
    default:
      return decision satisfies never;
  }
}

/** A timer has fired: the wish it was set for is decided again, and gets a new timer where it still waits. */
export function reconsiderAfterTimer(state: TriggerState, wishEventId: string, given: Given): Considered {
  const { wish } = state;
  if (wish?.trigger.eventId !== wishEventId) return { state, answers: [] };
  return reconsider({ ...state, wish: { trigger: wish.trigger, reason: wish.reason } }, given);
}

/** The waiting wish first, since it has waited longer; the new trigger only where the wish started nothing. */
export function reconsiderThenConsider(state: TriggerState, trigger: Trigger, given: Given): Considered {
  const first = reconsider(state, given);
  if (first.answers.some(({ kind }) => kind === "started")) return first;
  const second = consider(first.state, trigger, given);
  const waitsStill = second.state.wish?.trigger.eventId === first.timer?.wishEventId;
  const timer = second.timer ?? (waitsStill ? first.timer : undefined);
  return {
    state: second.state,
    answers: [...first.answers, ...second.answers],
    ...(timer === undefined ? {} : { timer }),
  };
}

function start(state: TriggerState, trigger: Trigger, given: Given): Considered {
  const run = planRun(state, trigger, given.newId());
  const { underWay, queued, max } = state.runs;
  // Who has waited longer goes first, also where there is a place.
  const isQueued = queued > 0 || underWay >= max;
  const automatic = trigger.kind !== "request";
  const day = dayOf(given.now);
  const budget = { day, runs: runsOn(state, given.now) + (automatic ? 1 : 0) };
  const { kind } = trigger;
  const own = state.byTrigger[kind];
  const ownRuns = own === undefined ? 0 : runsOn(own, given.now);
  return {
    state: {
      ...state,
      newRows: 0,
      rowsEnoughAt: undefined,
      rowsNewestAt: undefined,
      byTrigger: { ...state.byTrigger, [kind]: { ...own, budget: { day, runs: ownRuns + 1 } } },
      runningRunId: run.runId,
      lastStartedAt: given.now,
      budget,
      wish: undefined,
      runs: isQueued ? { underWay, queued: queued + 1, max } : { underWay: underWay + 1, queued, max },
    },
    answers: [
      ...supersede(state.wish, `the run that a ${trigger.kind} started takes its place`),
      { kind: "started", trigger, run, ...(isQueued ? { queue: { ahead: queued, runsMax: max } } : {}) },
    ],
  };
}

/**
 * The newest wish wins, but a person's request keeps its exemptions, and what only waits for its time is not
 * given up for something that may never have enough rows.
 */
function yields(wish: Wish, newer: Trigger, decision: TriggerDecision & { kind: "wait" }): boolean {
  if (wish.trigger.kind === "request" && newer.kind !== "request") return false;
  return !(isMatterOfTime(wish.reason) && !isMatterOfTime(decision.reason));
}

function isMatterOfTime(reason: SuppressionReason): boolean {
  return ["RUN_IN_PROGRESS", "DEBOUNCE", "COOLDOWN", "BUDGET_SPENT"].includes(reason);
}

function supersede(wish: Wish | undefined, message: string): Answer[] {
  if (wish === undefined) return [];
  return [{ kind: "suppressed", trigger: wish.trigger, reason: "SUPERSEDED", message, pending: false }];
}

function suppressed(
  trigger: Trigger,
  { reason, message }: { reason: SuppressionReason; message: string },
  pending: boolean,
): Answer {
  return { kind: "suppressed", trigger, reason, message, pending };
}

function wishFor(trigger: Trigger, { reason, until }: { reason: SuppressionReason; until?: Date }): Wish {
  return { trigger, reason, ...(until === undefined ? {} : { until }) };
}

function timerFor(trigger: Trigger, { until }: { until?: Date }): Pick<Considered, "timer"> {
  return until === undefined ? {} : { timer: { wishEventId: trigger.eventId, at: until } };
}
