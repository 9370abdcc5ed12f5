import { randomUUID } from "node:crypto";
import { isPipelineName } from "@cascade/contracts";
import type { Service } from "@cascade/service-kit";
import { z } from "zod";
import { readDecisions } from "../adapters/read-decisions.ts";
import { readTriggerState } from "../adapters/trigger-states.ts";
import type { settings } from "../config.ts";
import type { ServiceDeps } from "../deps.ts";
import { explainState, explainWish } from "../domain/explain.ts";
import { simulate, simulatedEvents } from "../domain/simulate.ts";
import type { TriggerState } from "../domain/trigger-state.ts";
import { eventUnknown, invalidRequest, pipelineUnknown } from "../errors.ts";

type AddRoutes = NonNullable<Service<typeof settings, ServiceDeps>["http"]>;

const Question = z.object({
  /** Its name, such as `drift.detected`. */
  event: z.string().max(200),
  data: z.unknown().optional(),
  newRows: z.int().nonnegative().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
});

/** The read side of the trigger policy. Nothing here changes anything. */
export const addRoutes: AddRoutes = (app, { database }) => {
  const known = async (params: unknown): Promise<{ pipeline: string; state: TriggerState }> => {
    const { pipeline } = z.object({ pipeline: z.string() }).parse(params);
    const state = isPipelineName(pipeline) ? await readTriggerState(database, pipeline) : undefined;
    if (state === undefined) throw pipelineUnknown(pipeline);
    return { pipeline, state };
  };

  app.get("/v1/triggers/:pipeline", async ({ params, query }) => {
    const { limit } = parse(z.object({ limit: z.coerce.number().int().min(1).max(1000).default(20) }), query);
    const { pipeline, state } = await known(params);
    return {
      pipeline,
      ...explainState(state, new Date()),
      decisions: await readDecisions(database, pipeline, limit),
    };
  });

  app.post("/v1/triggers/:pipeline/simulate", async ({ params, body }) => {
    const { event, data, newRows, at } = parse(Question, body);
    const definition = simulatedEvents.find(
      ({ entity, predicate, type }) => event === `${entity}.${predicate}` || event === type,
    );
    if (definition === undefined) throw eventUnknown(event, simulatedEvents);
    if (data !== undefined) parse(definition.schema, data);
    const { pipeline, state } = await known(params);
    const now = at === undefined ? new Date() : new Date(at);
    const supposed = { eventId: randomUUID(), data, ...(newRows === undefined ? {} : { newRows }) };
    const considered = simulate(definition, state, supposed, { now, newId: randomUUID });
    if (considered === undefined) throw eventUnknown(event, simulatedEvents);
    const { answers, timer } = considered;
    return {
      pipeline,
      event: definition.type,
      at: now,
      answers: answers.map((answer) =>
        answer.kind === "started"
          ? {
              outcome: "started",
              trigger: answer.trigger,
              newRows: answer.run.newRows,
              queue: answer.queue ?? null,
            }
          : {
              outcome: "suppressed",
              trigger: answer.trigger,
              reason: answer.reason,
              message: answer.message,
              pending: answer.pending,
            },
      ),
      waiting: explainWish(considered.state, now),
      timerAt: timer?.at ?? null,
    };
  });
};

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}
