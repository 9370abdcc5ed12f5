import { ArtifactError, openArtifactStore } from "@cascade/artifacts";
import { type ArtifactRef, TrainingRunCompletedV1, TrainingRunFailedV1 } from "@cascade/contracts";
import { collectEvents } from "@cascade/messaging";
import { z } from "zod";
import type { CommandContext } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { formatDuration, formatMetrics, printable, shorten } from "../follow/format.ts";
import type { Session } from "../session.ts";

const bytesMax = 64 * 1024 * 1024;

/** What is needed of a trial; a newer build may write more. */
const Report = z.object({
  trials: z.array(
    z.object({
      number: z.int(),
      outcome: z.string(),
      value: z.number().optional(),
      parameters: z.record(z.string(), z.json()),
      durationMs: z.number(),
      problem: z.object({ message: z.string() }).optional(),
    }),
  ),
});

type Ended = z.infer<typeof TrainingRunCompletedV1.schema> | z.infer<typeof TrainingRunFailedV1.schema>;

/** Shows what a run has come to, with every trial of its search, or prints its log. */
export async function showRun(
  context: CommandContext,
  session: Session,
  { runId, pipeline }: { readonly runId: string; readonly pipeline: string },
  wantsLog: boolean,
): Promise<void> {
  const ended = await readEnd(session, runId, pipeline);
  if (wantsLog) return await printLog(context, ended);
  const trials = ended.search === undefined ? [] : await readTrials(context, ended.search.report);
  context.sayJson({ ...ended, ...(trials.length > 0 ? { trials } : {}) });
  context.say(`${runId} of ${pipeline}: ${ended.trainer}`);
  if ("problem" in ended) context.say(printable(`  ${ended.problem.code}: ${ended.problem.message}`));
  else {
    context.say(`  ${formatMetrics(ended.metrics)} in ${formatDuration(ended.durationMs)}`);
    context.say(printable(`  parameters ${JSON.stringify(ended.parameters)}, seed ${ended.seed}`));
  }
  for (const { number, outcome, value, parameters, durationMs, problem } of trials) {
    const mark = number === ended.search?.best ? "*" : " ";
    const told = problem === undefined ? JSON.stringify(parameters) : problem.message;
    const figure = value === undefined ? "" : value.toPrecision(5);
    const columns = [
      String(number + 1).padStart(4),
      outcome.padEnd(9),
      figure.padStart(9),
      formatDuration(durationMs).padStart(9),
    ];
    context.say(`${mark}${columns.join("  ")}  ${shorten(printable(told), 120)}`);
  }
  if (ended.log !== undefined) context.say(`  the log: cascade runs show ${runId} --log`);
}

async function readEnd({ connection }: Session, runId: string, pipeline: string): Promise<Ended> {
  for (const definition of [TrainingRunCompletedV1, TrainingRunFailedV1]) {
    const subject = `${definition.type}.${pipeline}`;
    for (const { data } of await collectEvents({ connection, which: "all", subject })) {
      const parsed = definition.schema.parse(data);
      if (parsed.runId === runId) return parsed;
    }
  }
  throw new CliError(
    exitCodes.refused,
    `${runId} has come to no end yet, or was cancelled: cascade runs list`,
  );
}

async function readTrials(context: CommandContext, report: ArtifactRef) {
  return (await read(context, (store) => store.readJson(report, Report, { maxBytes: bytesMax }))).trials;
}

async function printLog(context: CommandContext, { log }: Ended): Promise<void> {
  if (log === undefined)
    throw new CliError(exitCodes.refused, "The run has no log: its program was not started.");
  const bytes = await read(context, (store) => store.readBytes(log, { maxBytes: bytesMax }));
  context.sayJson({ log: Buffer.from(bytes).toString() });
  context.say(printable(Buffer.from(bytes).toString().trimEnd()));
}

async function read<T>(
  { addresses }: CommandContext,
  work: (store: ReturnType<typeof openArtifactStore>) => Promise<T>,
): Promise<T> {
  try {
    return await work(openArtifactStore(addresses.artifactsUrl()));
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new CliError(exitCodes.refused, error.message, { cause: error });
  }
}
