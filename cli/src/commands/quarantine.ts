import { DataFormat } from "@cascade/contracts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { checkedAddress } from "../address-argument.ts";
import { type CommandContext, contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { formatCount, printable, shorten } from "../follow/format.ts";
import { exportToFile, formatOfExport } from "../quarantine/export-rows.ts";
import { formatOfName } from "../quarantine/format-of-name.ts";
import { type Quarantined, readQuarantine } from "../quarantine/read-quarantine.ts";
import { resubmit } from "../quarantine/resubmit.ts";

interface ListOptions {
  readonly all?: boolean;
  readonly pipeline?: string;
  readonly limit: number;
}

interface ResubmitOptions {
  readonly uri: string[];
  readonly format?: DataFormat;
}

export function addQuarantine(program: Command): void {
  const quarantine = program.command("quarantine").description("Rows that were set aside by validation.");

  quarantine
    .command("list")
    .description("List rows that were set aside and have not come back, newest first.")
    .option("--all", "also those that were resubmitted")
    .option("--pipeline <name>", "only those of this pipeline")
    .addOption(new Option("--limit <count>", "how many at most").default(50, "50").argParser(readLimit))
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      list(context, await readQuarantine(session.connection), options);
    });

  quarantine
    .command("export")
    .description("Write quarantined rows into a file, with the reasons in the column _reasons.")
    .argument("<id>")
    .requiredOption("--to <file>", "its ending says what is written: .csv, .jsonl or .parquet")
    .option("--guard-formulas", "in CSV, put a ' before what a spreadsheet would take for a formula")
    .action(async (id: string, options: { to: string; guardFormulas?: boolean }, command: Command) => {
      const context = contextOf(command);
      formatOfExport(options.to);
      const artifactsUrl = context.addresses.artifactsUrl();
      await using session = await context.connect();
      const { rows, rowCount } = find(await readQuarantine(session.connection), id);
      const guardFormulas = options.guardFormulas === true;
      const written = await exportToFile({ artifactsUrl, rows, file: options.to, guardFormulas });
      context.sayJson({ file: options.to, ...written });
      const guarded =
        written.guardedCells === 0
          ? ""
          : `, ${formatCount(written.guardedCells)} cells with a ' that you must take away again`;
      context.say(`${formatCount(rowCount)} row(s) written to ${options.to}${guarded}`);
      context.say(`When they are right: cascade quarantine resubmit ${id} --uri ${options.to}`);
    });

  quarantine
    .command("resubmit")
    .description("Announce corrected rows as a new arrival of theirs. Asking twice has one effect.")
    .argument("<id>")
    .requiredOption("--uri <uri...>", "where the corrected rows are: a URI or a path; may be several")
    .addOption(
      new Option("--format <format>", "taken from the file's name where left out").choices(
        DataFormat.options,
      ),
    )
    .action(async (id: string, options: ResubmitOptions, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const quarantined = find(await readQuarantine(session.connection), id);
      const done = quarantined.resubmissions.find(({ outcome }) => outcome !== "failed");
      if (done !== undefined) {
        context.sayJson({ id, eventId: done.eventId, outcome: done.outcome, again: true });
        context.say(`${id} was resubmitted at ${done.at}: ${done.outcome}. Nothing is done again.`);
        return;
      }
      const files = options.uri.map((uri) => {
        const format = options.format ?? formatOfName(uri);
        return {
          uri: checkedAddress(uri),
          ...(format === undefined ? {} : { format }),
        };
      });
      const eventId = await resubmit(session, quarantined, files);
      context.sayJson({ id, eventId, outcome: "under way", again: false });
      context.say(
        `${id} is resubmitted; see what follows: cascade follow ${quarantined.correlationId ?? ""}`,
      );
    });
}

function list(context: CommandContext, all: readonly Quarantined[], options: ListOptions): void {
  const wanted = all
    .filter(({ pipeline }) => options.pipeline === undefined || pipeline === options.pipeline)
    .filter(({ status }) => options.all === true || status === "open")
    .toReversed();
  const shown = wanted.slice(0, options.limit);
  const more = wanted.length - shown.length;
  context.sayJson({ quarantined: shown, more });
  for (const one of shown) for (const line of linesOf(one)) context.say(line);
  if (shown.length === 0) context.say("Nothing is in quarantine.");
  if (more > 0) context.say(`${formatCount(more)} more: raise --limit, or ask for one --pipeline.`);
}

function linesOf({ id, status, pipeline, rowCount, at, resubmissions }: Quarantined): string[] {
  return [
    `${printable(id)}  ${status}  ${pipeline}  ${formatCount(rowCount)} row(s)  ${at}`,
    ...resubmissions.map(
      ({ at: when, outcome, why }) =>
        `    resubmitted ${when}: ${outcome}${why === undefined ? "" : `, ${shorten(why, 160)}`}`,
    ),
  ];
}

function find(all: readonly Quarantined[], id: string): Quarantined {
  const found = all.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new CliError(
    exitCodes.refused,
    `Nothing in quarantine is called ${printable(id)}. cascade quarantine list --all shows what there is.`,
  );
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1 to 10000.");
}
