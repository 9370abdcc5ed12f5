import type { Trigger } from "@cascade/contracts";
import { runsOn, type SuppressionReason, type TriggerPolicy, type TriggerState } from "./trigger-state.ts";
import { viewFits } from "./view-fits.ts";

/** What the policy answers to one trigger: a run now, a run later, or none. */
export type TriggerDecision =
  | { readonly kind: "start" }
  | {
      readonly kind: "wait";
      readonly reason: SuppressionReason;
      readonly message: string;
      readonly until?: Date;
    }
  | { readonly kind: "suppress"; readonly reason: SuppressionReason; readonly message: string };

/**
 * Decides whether a trigger starts a run. The order is from what is least likely to change to what passes
 * by itself, so that the reason names what really stands in the way.
 */
export function decideTrigger(
  state: TriggerState,
  policy: TriggerPolicy | undefined,
  trigger: Trigger,
  now: Date,
): TriggerDecision {
  if (state.pipeline === undefined || policy === undefined) return noPipeline(trigger);
  const off = triggerOff(policy, trigger.kind);
  if (off !== undefined) return { kind: "suppress", reason: "TRIGGER_OFF", message: off };
  const { snapshot } = state;
  if (snapshot === undefined) {
    const message = "no training set has been built yet; the run starts with the first one";
    return { kind: "wait", reason: "NO_TRAINING_SET", message };
  }
  if (snapshot.outdated === true || !viewFits(state.pipeline, snapshot.trainingSet)) {
    return {
      kind: "wait",
      reason: "NO_TRAINING_SET",
      message: `the newest training set is not the one that version ${state.pipeline.version} of the pipeline declares; the run starts with the first one that is`,
    };
  }
  return enoughRows(state, policy, trigger) ?? inTurn(state, policy, trigger, now) ?? { kind: "start" };
}

function noPipeline(trigger: Trigger): TriggerDecision {
  const message = "this pipeline is not known to training: run cascade apply";
  // New data, and a person in a hurry, can overtake the event that applies the pipeline; a model cannot.
  const kind = trigger.kind === "new-data" || trigger.kind === "request" ? "wait" : "suppress";
  return { kind, reason: "NO_PIPELINE", message };
}

function triggerOff(policy: TriggerPolicy, kind: Trigger["kind"]): string | undefined {
  switch (kind) {
    case "new-data":
      return policy.newData === null ? "training.triggers.newData is null" : undefined;
    case "drift":
      return policy.drift === null ? "training.triggers.drift is null" : undefined;
    case "quality-drop":
      return policy.qualityDrop === null ? "training.triggers.qualityDrop is null" : undefined;
    case "request":
    case "pipeline-change":
      return undefined;
    default:
      return kind satisfies never;
  }
}

function rowsNeeded(policy: TriggerPolicy, kind: Trigger["kind"]): number {
  switch (kind) {
    case "new-data":
      return policy.newData?.minRows ?? 0;
    case "drift":
      return policy.drift?.minNewRows ?? 0;
    case "quality-drop":
      return policy.qualityDrop?.minNewRows ?? 0;
    case "request":
    case "pipeline-change":
      return 0;
    default:
      return kind satisfies never;
  }
}

function enoughRows(
  state: TriggerState,
  policy: TriggerPolicy,
  trigger: Trigger,
): TriggerDecision | undefined {
  const needed = rowsNeeded(policy, trigger.kind);
  if (state.newRows >= needed) return undefined;
  const message = `${state.newRows} new rows since the last run, ${needed} needed`;
  // The next batch asks again with all rows since the last run, so new data need not be remembered.
  return { kind: trigger.kind === "new-data" ? "suppress" : "wait", reason: "TOO_FEW_NEW_ROWS", message };
}

function inTurn(
  state: TriggerState,
  policy: TriggerPolicy,
  trigger: Trigger,
  now: Date,
): TriggerDecision | undefined {
  if (state.runningRunId !== undefined) {
    const message = `run ${state.runningRunId} is in progress; this one is decided again at its end`;
    return { kind: "wait", reason: "RUN_IN_PROGRESS", message };
  }
  if (trigger.kind === "request") return undefined;
  const cooledDownAt =
    state.cooldownFrom && new Date(state.cooldownFrom.getTime() + policy.cooldownSeconds * 1000);
  if (cooledDownAt !== undefined && cooledDownAt > now) {
    const message = `the last run ended less than ${policy.cooldownSeconds} s ago; the run starts at ${cooledDownAt.toISOString()}`;
    return { kind: "wait", reason: "COOLDOWN", message, until: cooledDownAt };
  }
  if (runsOn(state, now) >= policy.runsPerDay) {
    const until = nextDay(now);
    const message = `${policy.runsPerDay} runs were started today, which is the budget; the run starts at ${until.toISOString()}`;
    return { kind: "wait", reason: "BUDGET_SPENT", message, until };
  }
  return undefined;
}

function nextDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}
