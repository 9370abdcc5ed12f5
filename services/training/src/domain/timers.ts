import type { PlannedJob } from "@cascade/messaging";
import { nextDue, type Schedule } from "@cascade/schedule";
import type { CodeLook } from "./code-look.ts";
import { jobNames } from "./consequences.ts";
import { canonical } from "./model-change.ts";
import type { AppliedPipeline } from "./trigger-state.ts";

/** The schedule that a pipeline is trained by. */
export function scheduleOf(pipeline: AppliedPipeline | undefined): Schedule | undefined {
  const declared = pipeline?.training.triggers.schedule;
  return declared ? { cron: declared.cron, timeZone: declared.timeZone } : undefined;
}

export function sameSchedule(a: Schedule | undefined, b: Schedule | undefined): boolean {
  return a?.cron === b?.cron && a?.timeZone === b?.timeZone;
}

/** The timer for the next due time. Its key makes it one, however often a schedule is applied. */
export function nextFire(pipeline: string, schedule: Schedule, after: Date): PlannedJob[] {
  const due = nextDue(schedule, after);
  if (due === undefined) return [];
  const dueAt = due.toISOString();
  const key = `${pipeline}/${schedule.cron}/${schedule.timeZone}/${dueAt}`;
  const payload = { ...schedule, dueAt };
  return [{ job: jobNames.fireSchedule, payload, key, notBefore: due, untraced: true }];
}

/** What is to be timed because a version of a pipeline is in force; what went on before goes on by itself. */
export function timersFor(
  pipeline: string,
  applied: AppliedPipeline,
  previous: AppliedPipeline | undefined,
  given: { readonly now: Date; readonly eventId: string },
): PlannedJob[] {
  const schedule = scheduleOf(applied);
  const isNew = schedule !== undefined && !sameSchedule(schedule, scheduleOf(previous));
  return [
    ...(isNew ? nextFire(pipeline, schedule, given.now) : []),
    ...lookAtCode(pipeline, applied, previous?.version !== applied.version, given.eventId),
  ];
}

function lookAtCode(
  pipeline: string,
  { version, training }: AppliedPipeline,
  isNewVersion: boolean,
  eventId: string,
): PlannedJob[] {
  const { trainer, triggers } = training;
  if (typeof trainer === "string" || triggers.codeChange === null) return [];
  const everySeconds = triggers.codeChange?.everySeconds;
  const look: CodeLook = {
    trainer,
    isAsked: true,
    // The chain of a version that is applied once more goes on.
    ...(everySeconds === undefined || !isNewVersion ? {} : { chain: { version, everySeconds, number: 0 } }),
  };
  return [{ job: jobNames.lookAtCode, payload: look, key: `${pipeline}/${eventId}`, untraced: true }];
}

/** The look after this one; none where the pipeline has another version by now. */
export function nextLook(
  pipeline: string,
  { trainer, chain }: CodeLook,
  versionInForce: number | undefined,
  now: Date,
): PlannedJob[] {
  if (chain === undefined || chain.version !== versionInForce) return [];
  const number = chain.number + 1;
  const payload: CodeLook = { trainer, isAsked: false, chain: { ...chain, number } };
  const key = `${pipeline}/${canonical({ trainer, version: chain.version, number })}`;
  const notBefore = new Date(now.getTime() + chain.everySeconds * 1000);
  return [{ job: jobNames.lookAtCode, payload, key, notBefore, untraced: true }];
}
