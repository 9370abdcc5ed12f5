import {
  deadLetterReasons,
  eventDefinitions,
  reactionsOf,
  runtimeReactions,
  services,
} from "@cascade/contracts";
import { type Command, Option } from "commander";
import { CliError, exitCodes } from "../errors.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import { readSince } from "../since-option.ts";
import type { DeadLetter } from "./read-dead-letters.ts";

/** Which dead letters are meant: those to which all of it applies. */
export interface Filter {
  readonly service?: string;
  readonly handler?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly eventType?: string;
  readonly pipeline?: string;
  readonly correlation?: string;
  readonly since?: Date;
}

const keys = [
  "service",
  "handler",
  "reason",
  "code",
  "eventType",
  "pipeline",
  "correlation",
  "since",
] as const satisfies (keyof Filter)[];

/** The same options wherever dead letters are chosen; a value that nothing can match is refused. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(oneOf("--service <name>", "only those of this service", "service", services))
    .addOption(oneOf("--handler <name>", "only those of this reaction", "handler", handlers()))
    .addOption(
      oneOf(
        "--reason <reason>",
        `only those with this reason: ${deadLetterReasons.join(", ")}`,
        "reason",
        deadLetterReasons,
      ),
    )
    .option("--code <code>", "only those whose error has this code, such as EVENT_INVALID")
    .addOption(
      new Option("--event-type <type>", "only events of this type, such as dataset.ingested").argParser(
        readEventType,
      ),
    )
    .addOption(new Option("--pipeline <name>", "only those of this pipeline").argParser(checkedPipeline))
    .option("--correlation <id>", "only those that stopped this cascade")
    .addOption(
      new Option("--since <time>", "only those that failed since: 30m, 2h, 7d, or a time").argParser((text) =>
        readSince(text, new Date()),
      ),
    );
}

export function isFilterEmpty(filter: Filter): boolean {
  return keys.every((key) => filter[key] === undefined);
}

export function matches(filter: Filter, letter: DeadLetter): boolean {
  const { service, handler, reason, code, eventType, pipeline, correlation, since } = filter;
  const is = (wanted: string | undefined, value: string | undefined) =>
    wanted === undefined || wanted === value;
  return (
    is(service, letter.service) &&
    is(handler, letter.handler) &&
    is(reason, letter.reason) &&
    is(code, letter.error.code) &&
    is(pipeline, letter.pipeline) &&
    is(correlation, letter.correlationId) &&
    (eventType === undefined || isOfType(letter.event.type, eventType)) &&
    (since === undefined || new Date(letter.recordedAt) >= since)
  );
}

/** A type without a version stands for all of its versions. */
function isOfType(type: string, wanted: string): boolean {
  return type === wanted || (!isVersioned(wanted) && type.replace(/\.v\d+$/, "") === wanted);
}

function isVersioned(type: string): boolean {
  return /\.v\d+$/.test(type);
}

function readEventType(text: string): string {
  const type = text.startsWith("cascade.") ? text : `cascade.${text}`;
  const name = type.replace(/\.v\d+$/, "");
  if (eventDefinitions.some(({ entity, predicate }) => name === `cascade.${entity}.${predicate}`))
    return type;
  throw new CliError(
    exitCodes.usage,
    `--event-type takes a type such as dataset.ingested or cascade.dataset.ingested.v1, not "${text}".`,
  );
}

function oneOf(flags: string, description: string, what: string, values: readonly string[]): Option {
  return new Option(flags, description).argParser((text) => {
    if (values.includes(text)) return text;
    throw new CliError(exitCodes.usage, `There is no ${what} "${text}". There is: ${values.join(", ")}.`);
  });
}

function handlers(): string[] {
  const all = [...Object.values(reactionsOf), runtimeReactions].flatMap((reactions) =>
    Object.keys(reactions),
  );
  return [...new Set(all)].sort();
}
