import { z } from "zod";
import type { CommandContext } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";

const moment = z.string();
const Trigger = z.object({ kind: z.string(), eventId: z.string(), reason: z.string() });

const Waiting = z.object({
  trigger: Trigger,
  reason: z.string(),
  message: z.string(),
  until: moment.optional(),
});

export const Explanation = z.object({
  pipeline: z.string(),
  version: z.number().nullable(),
  triggers: z.looseObject({ cooldownSeconds: z.number(), runsPerDay: z.number() }).nullable(),
  hasTrainingSet: z.boolean(),
  newRows: z.number(),
  runningRunId: z.string().nullable(),
  runs: z.object({ underWay: z.number(), queued: z.number(), max: z.number() }),
  runsToday: z.number(),
  cooldownUntil: moment.nullable(),
  nextDueAt: moment.nullable(),
  waiting: Waiting.nullable(),
  decisions: z.array(
    z.object({
      decidedAt: moment,
      outcome: z.enum(["started", "suppressed"]),
      reason: z.string().nullable(),
      message: z.string(),
      pending: z.boolean(),
      runId: z.string().nullable(),
      runStatus: z.string().nullable(),
      trigger: Trigger,
    }),
  ),
});
export type Explanation = z.infer<typeof Explanation>;

export const Simulation = z.object({
  pipeline: z.string(),
  event: z.string(),
  at: moment,
  answers: z.array(
    z.discriminatedUnion("outcome", [
      z.object({
        outcome: z.literal("started"),
        trigger: Trigger,
        newRows: z.number(),
        queue: z.object({ ahead: z.number(), runsMax: z.number() }).nullable(),
      }),
      z.object({
        outcome: z.literal("suppressed"),
        trigger: Trigger,
        reason: z.string(),
        message: z.string(),
        pending: z.boolean(),
      }),
    ]),
  ),
  waiting: Waiting.nullable(),
  timerAt: moment.nullable(),
});
export type Simulation = z.infer<typeof Simulation>;

/** Asks the read side of training; its own reason is what a refusal says. */
export async function askTraining<T>(
  { addresses }: CommandContext,
  path: string,
  schema: z.ZodType<T>,
  question?: unknown,
): Promise<T> {
  const url = `${addresses.urlOf("training")}${path}`;
  let response: Response;
  try {
    response = await fetch(url, {
      signal: AbortSignal.timeout(15_000),
      ...(question === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(question),
          }),
    });
  } catch (error) {
    throw new CliError(exitCodes.unreachable, `training does not answer at ${url}. cascade status`, {
      cause: error,
    });
  }
  const body: unknown = await response.json();
  if (response.ok) return schema.parse(body);
  const problem = z.object({ detail: z.string() }).safeParse(body);
  throw new CliError(
    exitCodes.refused,
    problem.success ? problem.data.detail : `training answered ${response.status}.`,
  );
}
