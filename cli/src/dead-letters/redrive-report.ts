import type { CommandContext } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { shorten } from "../follow/format.ts";
import { type Filter, matches } from "./filter.ts";
import type { DeadLetter, DeadLetterHistory } from "./read-dead-letters.ts";
import type { Outcome } from "./redrive-many.ts";
import { summaryOf } from "./show.ts";

export interface Result {
  readonly letter: DeadLetter;
  readonly outcome: Outcome;
}

/** Open ones that the filter fits. A parked event is left to its service, unless it is asked for by its reason. */
export function choose(
  context: CommandContext,
  { letters }: DeadLetterHistory,
  filter: Filter,
): DeadLetter[] {
  const open = letters.filter((letter) => letter.status === "open" && matches(filter, letter));
  if (filter.reason !== undefined) return open;
  const chosen = open.filter(({ reason }) => reason !== "unsupported-version");
  const parked = open.length - chosen.length;
  if (parked > 0) {
    context.say(
      `${parked} of a newer version are left out: their services handle them by themselves after an upgrade.`,
    );
  }
  return chosen;
}

export function preview(context: CommandContext, letters: readonly DeadLetter[]): void {
  context.sayJson({ dryRun: true, deadLetters: letters });
  for (const letter of letters) context.say(summaryOf(letter));
  const open = letters.filter(({ status }) => status === "open").length;
  context.say(`${open} dead letter(s) would be redriven.`);
}

export function sentenceOf({ service }: DeadLetter, outcome: Outcome): string {
  switch (outcome.status) {
    case "redriven":
      return "is redriven.";
    case "redriven-before":
      return "was redriven before.";
    case "failed":
      return `failed again: ${shorten(outcome.message, 300)}`;
    case "unanswered":
      return `is asked for, but ${service} has not answered in time. Is it running? cascade status`;
    case "not-asked":
      return `is not asked for, because ${service} does not answer.`;
    default:
      return outcome satisfies never;
  }
}

export function summarise(context: CommandContext, results: readonly Result[]): void {
  const count = (status: Outcome["status"]) =>
    results.filter(({ outcome }) => outcome.status === status).length;
  const summary = {
    redriven: count("redriven"),
    redrivenBefore: count("redriven-before"),
    failed: count("failed"),
    unanswered: count("unanswered"),
    notAsked: count("not-asked"),
  };
  context.sayJson({
    dryRun: false,
    deadLetters: results.map(({ letter: { deadLetterId, service, handler, event }, outcome }) => ({
      deadLetterId,
      service,
      handler,
      eventType: event.type,
      ...outcome,
    })),
    ...summary,
  });
  const text =
    `${summary.redriven} redriven, ${summary.redrivenBefore} redriven before, ${summary.failed} failed again, ` +
    `${summary.unanswered + summary.notAsked} without an answer`;
  if (summary.failed > 0) throw new CliError(exitCodes.refused, text);
  if (summary.unanswered > 0) throw new CliError(exitCodes.timedOut, text);
  context.say(text);
}
