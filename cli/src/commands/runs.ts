import {
  TrainingRunCancellationRefusedV1,
  TrainingRunCancellationRequestedV1,
  TrainingRunCancelledV1,
} from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import type { Command } from "commander";
import { askAndAwait } from "../await-answer.ts";
import { contextOf } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { formatCount, printable, shorten } from "../follow/format.ts";
import { limitOption } from "../limit-option.ts";
import { checkedPipeline } from "../pipeline-argument.ts";
import { foldRuns, isUnfinished, type ShownRun } from "../runs/fold-runs.ts";
import { reproduce } from "../runs/reproduce.ts";
import { showRun } from "../runs/show-run.ts";
import type { Session } from "../session.ts";
import { timeoutOption } from "../timeout-option.ts";

interface ListOptions {
  readonly unfinished?: boolean;
  readonly limit: number;
}

interface CancelOptions {
  readonly reason: string;
  readonly timeout: number;
}

export function addRuns(program: Command): void {
  const runs = program
    .command("runs")
    .description("Training runs: those that are queued, under way and over.");

  runs
    .command("list")
    .description("List runs, the newest first; of all pipelines, or of one.")
    .argument("[pipeline]")
    .option("--unfinished", "only those that are queued or under way")
    .addOption(limitOption(20))
    .action(async (pipeline: string | undefined, { limit, unfinished }: ListOptions, command: Command) => {
      const of = pipeline === undefined ? "*" : checkedPipeline(pipeline);
      const context = contextOf(command);
      await using session = await context.connect();
      const found = (await readRuns(session, of)).filter((run) => unfinished !== true || isUnfinished(run));
      context.sayJson(found.slice(0, limit));
      for (const run of found.slice(0, limit)) context.say(lineOf(run));
      if (found.length === 0)
        context.say(unfinished === true ? "No run is queued or under way." : "No runs.");
      if (found.length > limit) context.say(`… and ${formatCount(found.length - limit)} more: --limit`);
    });

  runs
    .command("cancel")
    .description("End a run before its time, whether it is queued or under way; says so where it is over.")
    .argument("<run>", "its id, as cascade runs list shows it")
    .option("--reason <text>", "why", "asked for on the command line")
    .addOption(timeoutOption("how long to wait until its program is gone", 30))
    .action(async (runId: string, { reason, timeout }: CancelOptions, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const run = await findRun(session, runId);
      const request = { runId, by: context.by, reason };
      const { answer } = await askAndAwait({
        connection: session.connection,
        answers: [TrainingRunCancelledV1, TrainingRunCancellationRefusedV1],
        timeoutMs: timeout,
        // A run under way is ended by whoever carries it out, and its end belongs to the run's own cascade.
        isAnswer: ({ envelope, data }, correlationId) =>
          envelope.correlationid === correlationId ||
          (isUnfinished(run) &&
            envelope.type === TrainingRunCancelledV1.type &&
            TrainingRunCancelledV1.schema.parse(data).runId === runId),
        hint: "Its program may take longer to end. See what becomes of it: cascade runs list",
        ask: () => session.publish(TrainingRunCancellationRequestedV1.create(run.pipeline, request)),
      });
      if (answer.envelope.type === TrainingRunCancellationRefusedV1.type) {
        const { problem } = TrainingRunCancellationRefusedV1.schema.parse(answer.data);
        context.sayJson({ cancelled: false, runId, problem });
        throw new CliError(exitCodes.refused, `${problem.message} ${problem.whatToDo}`);
      }
      const { started } = TrainingRunCancelledV1.schema.parse(answer.data);
      context.sayJson({ cancelled: true, runId, pipeline: run.pipeline, started });
      context.say(`${runId} of ${run.pipeline} is cancelled${started ? "" : "; it had not started"}.`);
    });

  runs
    .command("show")
    .description("Show what a run has come to, with every trial of its search, the best one marked by *.")
    .argument("<run>", "its id, as cascade runs list shows it")
    .option("--log", "print the log of its program instead: of a search, that of the best trial")
    .action(async (runId: string, { log }: { log?: boolean }, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      const run = await findRun(session, runId);
      if (run.status === "completed" || run.status === "failed") {
        await showRun(context, session, run, log === true);
        return;
      }
      if (log === true) throw new CliError(exitCodes.refused, withoutLog(run));
      context.sayJson(run);
      context.say(lineOf(run));
    });

  runs
    .command("reproduce")
    .description("Repeat a run from its lineage, and compare code, metrics and model with what they were.")
    .argument("<run>", "its id, as cascade runs list shows it")
    .addOption(timeoutOption("how long to wait for its end", 3600))
    .action(async (runId: string, { timeout }: { timeout: number }, command: Command) => {
      const context = contextOf(command);
      await using session = await context.connect();
      await reproduce(context, session, await findRun(session, runId), timeout);
    });
}

async function findRun(session: Session, runId: string): Promise<ShownRun> {
  const run = (await readRuns(session, "*")).find((one) => one.runId === runId);
  if (run !== undefined) return run;
  throw new CliError(
    exitCodes.refused,
    `There is no run ${JSON.stringify(shorten(printable(runId), 80))}. See which there are: cascade runs list`,
  );
}

async function readRuns({ connection }: Session, pipeline: string): Promise<ShownRun[]> {
  return foldRuns(
    await collectEvents({ connection, which: "all", subject: `cascade.training-run.*.*.${pipeline}` }),
  );
}

function lineOf(run: ShownRun): string {
  const outcome = run.outcome === undefined ? "" : `\n    ${shorten(printable(run.outcome), 160)}`;
  return (
    `${run.runId}  ${run.status.padEnd(9)} ${run.pipeline}  ${run.requestedAt}\n` +
    `    ${shorten(printable(run.trigger), 160)}${outcome}`
  );
}

/** Logs are kept when a program has come to an end of its own. */
function withoutLog({ runId, status, correlationId }: ShownRun): string {
  if (status === "cancelled") return `${runId} was cancelled: its log is not kept.`;
  const progress =
    correlationId === undefined ? "" : ` What it tells meanwhile: cascade follow ${correlationId}`;
  return `${runId} is ${status}: it has a log once it has ended.${progress}`;
}
