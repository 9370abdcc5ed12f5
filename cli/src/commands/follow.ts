import { definitionOfType } from "@cascade/contracts";
import { collectEvents, type StoredEvent } from "@cascade/messaging";
import type { Command } from "commander";
import { type CommandContext, contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { follow, screenOf } from "../follow/follower.ts";
import { jsonOf, placeAll } from "../follow/past.ts";
import { linesOf } from "../follow/write-lines.ts";
import type { Session } from "../session.ts";

interface Options {
  readonly pipeline?: string;
  readonly wait: boolean;
  readonly all?: boolean;
  readonly since?: string;
}

export function addFollow(program: Command): void {
  program
    .command("follow")
    .description("Show events as a live causation tree; of one cascade, or of all from now on.")
    .argument("[correlation]", "the id of a cascade, as `publish` and `retrain` print it")
    .option("--pipeline <name>", "only events of this pipeline")
    .option("--since <minutes>", "begin this many minutes ago")
    .option("--all", "also prediction logs and serving windows")
    .option("--no-wait", "print what has happened so far and end")
    .action(async (correlation: string | undefined, options: Options, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const wanted = ({ envelope }: StoredEvent) =>
        (correlation === undefined ||
          envelope.correlationid === correlation ||
          envelope.id === correlation) &&
        (options.pipeline === undefined || envelope.subject === options.pipeline);
      if (options.wait) await showLive(context, session, correlation, options, wanted);
      else await showPast(context, session, correlation, options, wanted);
    });
}

async function showPast(
  context: CommandContext,
  session: Session,
  correlation: string | undefined,
  options: Options,
  wanted: (event: StoredEvent) => boolean,
): Promise<void> {
  const since = sinceOf(options.since);
  const events = (await collectEvents({ connection: session.connection, which: "all" }))
    .filter((event) => options.all === true || !isVolatile(event))
    .filter((event) => wanted(event) && (since === undefined || event.storedAt >= since));
  if (correlation !== undefined && events.length === 0) {
    throw new CliError(exitCodes.refused, `There is no event of the cascade ${correlation}.`);
  }
  const screen = screenOf(process.stdout, context.colors);
  for (const one of placeAll(events)) {
    if (context.json) context.sayJson(jsonOf(one.event));
    else for (const line of linesOf(one, screen.colors, screen.width)) context.say(line);
  }
}

async function showLive(
  context: CommandContext,
  session: Session,
  correlation: string | undefined,
  options: Options,
  wanted: (event: StoredEvent) => boolean,
): Promise<void> {
  const since = correlation === undefined ? sinceOf(options.since) : "beginning";
  const screen = screenOf(process.stdout, context.colors);
  const follower = follow({
    connection: session.connection,
    // JSON is one event a line, in the order of arrival; the tree is for eyes.
    screen: context.json ? { ...screen, live: false, write: () => {} } : screen,
    includeVolatile: options.all === true,
    ...(since === undefined ? {} : { since }),
    wanted,
    onEvent: (event) => context.sayJson(jsonOf(event)),
  });
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await follower.stop();
}

function sinceOf(minutes: string | undefined): Date | undefined {
  if (minutes === undefined) return undefined;
  const value = Number(minutes);
  if (!(value >= 0)) throw new CliError(exitCodes.usage, `--since takes minutes, not "${minutes}"`);
  return new Date(Date.now() - value * 60_000);
}

function isVolatile({ envelope }: StoredEvent): boolean {
  return definitionOfType(envelope.type)?.volatile === true;
}
