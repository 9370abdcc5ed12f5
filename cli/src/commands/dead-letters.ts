import { collectEvents } from "@cascade/messaging";
import { type Command, Option } from "commander";
import { type CommandContext, contextOf } from "../context.ts";
import { addFilterOptions, type Filter, isFilterEmpty, matches } from "../dead-letters/filter.ts";
import {
  type DeadLetter,
  type DeadLetterHistory,
  readDeadLetters,
} from "../dead-letters/read-dead-letters.ts";
import { redriveMany } from "../dead-letters/redrive-many.ts";
import { choose, preview, type Result, sentenceOf, summarise } from "../dead-letters/redrive-report.ts";
import { detailsOf, summaryOf } from "../dead-letters/show.ts";
import { CliError, exitCodes } from "../errors.ts";
import { screenOf } from "../follow/follower.ts";
import { printable } from "../follow/format.ts";
import { jsonOf, placeAll } from "../follow/past.ts";
import { linesOf } from "../follow/write-lines.ts";
import { timeoutOption } from "../timeout-option.ts";

const limitMax = 10_000;

interface ListOptions extends Filter {
  readonly all?: boolean;
  readonly limit: number;
  readonly after?: string;
}

interface RedriveOptions extends Filter {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly timeout: number;
}

export function addDeadLetters(program: Command): void {
  const deadLetters = program.command("dead-letters").description("Events that could not be handled.");

  addFilterOptions(deadLetters.command("list"))
    .description("List open dead letters, those first that were set aside first.")
    .option("--all", "also those that were redriven")
    .addOption(new Option("--limit <count>", "how many at most").default(50, "50").argParser(readLimit))
    .option("--after <id>", "only those behind this one, to read on where a list has ended")
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const history = await readDeadLetters(session.connection);
      list(context, history, options);
    });

  deadLetters
    .command("show")
    .description(
      "Show a dead letter whole: why, how often it was tried, the event itself, the cascade it stopped.",
    )
    .argument("<id>")
    .action(async (id: string, _: object, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const letter = find(await readDeadLetters(session.connection), id);
      const events = (await collectEvents({ connection: session.connection, which: "all" })).filter(
        ({ envelope }) =>
          letter.correlationId !== undefined &&
          (envelope.correlationid === letter.correlationId || envelope.id === letter.correlationId),
      );
      context.sayJson({ ...letter, cascade: events.map(jsonOf) });
      for (const line of detailsOf(letter)) context.say(line);
      const screen = screenOf(process.stdout, context.colors);
      context.say(`cascade      ${printable(letter.correlationId ?? "unknown")}`);
      for (const placed of placeAll(events)) {
        for (const line of linesOf(placed, screen.colors, screen.width)) context.say(line);
      }
      if (letter.status === "open") {
        context.say(`\nWhen the cause is mended: cascade dead-letters redrive ${letter.deadLetterId}`);
      }
    });

  addFilterOptions(deadLetters.command("redrive"))
    .description(
      "Handle dead letters once more: those named, or all that a filter fits. Asking twice has one effect.",
    )
    .argument("[id...]")
    .option("--all", "every open dead letter that the filter fits; without a filter every one")
    .option("--dry-run", "only say which they are")
    .addOption(timeoutOption("how long to wait for each", 15))
    .action(async (ids: string[], options: RedriveOptions, command: Command) => {
      const context = contextOf(command);
      const isChosen = options.all === true || !isFilterEmpty(options);
      if (ids.length === 0 && !isChosen) {
        throw new CliError(
          exitCodes.usage,
          "Say which dead letters: by their ids, by a filter such as --service or --reason, or --all.",
        );
      }
      if (ids.length > 0 && isChosen) {
        throw new CliError(exitCodes.usage, "Name dead letters by their ids or by a filter, not by both.");
      }
      await using session = await context.connect();
      const history = await readDeadLetters(session.connection);
      const letters =
        ids.length > 0 ? [...new Set(ids)].map((id) => find(history, id)) : choose(context, history, options);
      if (options.dryRun === true) return preview(context, letters);
      const results: Result[] = [];
      await redriveMany({
        session,
        history,
        letters,
        by: context.by,
        timeoutMs: options.timeout,
        onOutcome: (letter, outcome) => {
          results.push({ letter, outcome });
          context.say(`${letter.deadLetterId} ${sentenceOf(letter, outcome)}`);
        },
      });
      summarise(context, results);
    });
}

function list(context: CommandContext, history: DeadLetterHistory, options: ListOptions): void {
  const wanted = behind(history, options.after).filter(
    (letter) => (options.all === true || letter.status === "open") && matches(options, letter),
  );
  const shown = wanted.slice(0, options.limit);
  const more = wanted.length - shown.length;
  context.sayJson({ deadLetters: shown, more });
  if (shown.length === 0) context.say("There are no such dead letters.");
  for (const letter of shown) context.say(summaryOf(letter));
  if (more > 0) context.say(`${more} more: the same with --after ${shown.at(-1)?.deadLetterId}`);
}

function behind(history: DeadLetterHistory, id: string | undefined): readonly DeadLetter[] {
  if (id === undefined) return history.letters;
  return history.letters.slice(history.letters.indexOf(find(history, id)) + 1);
}

function find({ letters }: DeadLetterHistory, id: string): DeadLetter {
  const letter = letters.find(({ deadLetterId }) => deadLetterId === id);
  if (letter !== undefined) return letter;
  throw new CliError(exitCodes.refused, `There is no dead letter ${id}. cascade dead-letters list --all`);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (text.trim() !== "" && Number.isInteger(limit) && limit >= 1 && limit <= limitMax) return limit;
  throw new CliError(exitCodes.usage, `--limit takes a number from 1 to ${limitMax}, not "${text}".`);
}
