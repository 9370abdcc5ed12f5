import { type Command, Option } from "commander";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { limitOption } from "../limit-option.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import { askTraining, Explanation, Simulation } from "../triggers/ask-training.ts";
import { explanationLines, simulationLines } from "../triggers/show.ts";
import { supposedEvent } from "../triggers/supposed-event.ts";

interface SimulateOptions {
  readonly pipeline?: string;
  readonly newRows?: number;
  readonly at?: string;
}

export function addTriggers(program: Command): void {
  const triggers = program.command("triggers").description("Why a pipeline is trained, and why not.");

  triggers
    .command("explain")
    .description(
      "Show the last decisions of a pipeline's trigger policy, what waits for what, and what is next.",
    )
    .argument("<pipeline>")
    .addOption(limitOption(10))
    .action(async (pipeline: string, { limit }: { limit: number }, command: Command) => {
      const context = contextOf(command);
      const path = `/v1/triggers/${checkedPipeline(pipeline)}?limit=${Math.min(limit, 1000)}`;
      const shown = await askTraining(context, path, Explanation);
      context.sayJson(shown);
      for (const line of explanationLines(shown)) context.say(line);
    });

  triggers
    .command("simulate")
    .description("Say what would follow from an event in the present state. Nothing is changed.")
    .argument("<event>", "a name such as drift.detected or data.arrived, or a JSON file with a CloudEvent")
    .option("--pipeline <name>", "whose; of an event in a file its subject, where left out")
    .addOption(new Option("--new-rows <count>", "of new data: how many rows they bring").argParser(readRows))
    .option("--at <time>", "as if it were another time, such as 2026-01-31T08:00:00Z")
    .action(async (text: string, options: SimulateOptions, command: Command) => {
      const context = contextOf(command);
      const { supposing, pipeline: subject, ...event } = await supposedEvent(text);
      const pipeline = options.pipeline ?? subject;
      if (pipeline === undefined) {
        throw new CliError(exitCodes.usage, "Say whose event it is: --pipeline NAME.");
      }
      const path = `/v1/triggers/${checkedPipeline(pipeline)}/simulate`;
      const { newRows } = options;
      const at = options.at === undefined ? undefined : readTime(options.at);
      const shown = await askTraining(context, path, Simulation, { ...event, newRows, at });
      context.sayJson(shown);
      if (supposing !== undefined) context.say(`${supposing},`);
      for (const line of simulationLines(shown)) context.say(line);
    });
}

function readRows(text: string): number {
  const rows = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(rows) && rows >= 0) return rows;
  throw new CliError(exitCodes.usage, `--new-rows takes a whole number, not "${text}".`);
}

function readTime(text: string): string {
  const time = new Date(/^\d{4}-\d{2}-\d{2}/u.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CliError(exitCodes.usage, `--at takes a time such as 2026-01-31T08:00:00Z, not "${text}".`);
}
