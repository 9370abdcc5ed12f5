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
    case "schedule":
      return policy.schedule ? undefined : "training.triggers.schedule is null or left out";
    case "code-change":
      return policy.codeChange === null ? "training.triggers.codeChange is null" : undefined;
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
    case "schedule":
      return policy.schedule?.minNewRows ?? 0;
    case "request":
    case "pipeline-change":
    case "code-change":
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
  // The next batch asks again with all rows since the last run, and the next due time of a schedule does too: a run
  // at another time than the one that was chosen would be none of the schedule's.
  const asksAgain = trigger.kind === "new-data" || trigger.kind === "schedule";
  return { kind: asksAgain ? "suppress" : "wait", reason: "TOO_FEW_NEW_ROWS", message };
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
  return (
    debounced(state, policy, trigger, now) ??
    coolingDown(state, policy, trigger, now) ??
    budgetSpent(state, policy, trigger, now)
  );
}

/** Rows that come one after another are trained on together, but not for ever later. */
function debounced(
  { rowsEnoughAt, rowsNewestAt }: TriggerState,
  { newData }: TriggerPolicy,
  { kind }: Trigger,
  now: Date,
): TriggerDecision | undefined {
  const debounce = newData?.debounce;
  if (kind !== "new-data" || debounce === undefined || rowsNewestAt === undefined) return undefined;
  const { quietSeconds, maxDelaySeconds } = debounce;
  const quietAt = after(rowsNewestAt, quietSeconds);
  const latest = after(rowsEnoughAt ?? rowsNewestAt, maxDelaySeconds);
  const until = quietAt < latest ? quietAt : latest;
  if (until <= now) return undefined;
  const message = `new rows may follow; the run starts when none have come for ${quietSeconds} s, or after ${maxDelaySeconds} s: at ${until.toISOString()}`;
  return { kind: "wait", reason: "DEBOUNCE", message, until };
}

function coolingDown(
  state: TriggerState,
  policy: TriggerPolicy,
  { kind }: Trigger,
  now: Date,
): TriggerDecision | undefined {
  const ownSeconds = ownLimits(policy, kind).cooldownSeconds;
  const [cooldown] = [
    { from: state.cooldownFrom, seconds: policy.cooldownSeconds, last: "the last run" },
    { from: state.byTrigger[kind]?.cooldownFrom, seconds: ownSeconds ?? 0, last: `the last run by ${kind}` },
  ]
    .flatMap(({ from, seconds, last }) =>
      from === undefined ? [] : [{ until: after(from, seconds), seconds, last }],
    )
    .filter(({ until }) => until > now)
    .sort((a, b) => b.until.getTime() - a.until.getTime());
  if (cooldown === undefined) return undefined;
  const { until, seconds, last } = cooldown;
  const message = `${last} ended less than ${seconds} s ago; the run starts at ${until.toISOString()}`;
  return { kind: "wait", reason: "COOLDOWN", message, until };
}

function budgetSpent(
  state: TriggerState,
  policy: TriggerPolicy,
  { kind }: Trigger,
  now: Date,
): TriggerDecision | undefined {
  const own = state.byTrigger[kind];
  const ownMax = ownLimits(policy, kind).runsPerDay;
  const spent =
    runsOn(state, now) >= policy.runsPerDay
      ? `${policy.runsPerDay} runs were started today, which is the budget`
      : ownMax !== undefined && own !== undefined && runsOn(own, now) >= ownMax
        ? `${ownMax} runs by ${kind} were started today, which is its budget`
        : undefined;
  if (spent === undefined) return undefined;
  const until = nextDay(now);
  const message = `${spent}; the run starts at ${until.toISOString()}`;
  return { kind: "wait", reason: "BUDGET_SPENT", message, until };
}

/** The limits that a trigger has beside those of all of them. */
function ownLimits(
  policy: TriggerPolicy,
  kind: Trigger["kind"],
): { readonly cooldownSeconds?: number | undefined; readonly runsPerDay?: number | undefined } {
  switch (kind) {
    case "new-data":
      return policy.newData ?? {};
    case "drift":
      return policy.drift ?? {};
    case "quality-drop":
      return policy.qualityDrop ?? {};
    case "schedule":
      return policy.schedule ?? {};
    case "code-change":
      return policy.codeChange ?? {};
    case "request":
    case "pipeline-change":
      return {};
    default:
      return kind satisfies never;
  }
}

function after(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}

function nextDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}
