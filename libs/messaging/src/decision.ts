import type { NewEvent } from "@cascade/contracts";
import type { PlannedJob } from "./job.ts";

/** "Nothing to do" is a result with a reason: it is counted, logged and kept in the inbox. */
export interface Ignored {
  readonly ignored: true;
  readonly reason: string;
}

/** What a reaction or a job decides: events to publish, jobs to do, and whatever `record` needs. */
export interface Decision<Type extends string = string> {
  readonly events?: readonly NewEvent<Type>[];
  readonly jobs?: readonly PlannedJob[];
}

/** Ends a reaction without an effect. `reason` is a stable code such as `NO_SUCH_PIPELINE`. */
export function ignore(reason: string): Ignored {
  return { ignored: true, reason };
}

export function isIgnored(value: object): value is Ignored {
  return "ignored" in value && value.ignored === true;
}

/** What the runtime hands to every decision, so that it needs neither a clock nor randomness. */
export interface Given {
  readonly now: Date;
  newId(): string;
}
