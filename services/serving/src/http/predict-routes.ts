import { OnnxError } from "@cascade/onnx";
import { HttpProblem } from "@cascade/service-kit";
import { TabularError } from "@cascade/tabular";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Deps } from "../deps.ts";
import { type Prediction, predictionsOf } from "../domain/prediction.ts";
import { ServingError } from "../errors.ts";
import { answer, measured, RowsRefused } from "./answer.ts";
import { type ChosenModel, chooseModel } from "./choose-model.ts";
import { missingColumns, type PredictRequest, readPredictRequest } from "./predict-request.ts";

const refusalsShown = 100;

/** Rows of named columns in, predictions out. */
export function addPredictRoutes(app: FastifyInstance, deps: Deps): void {
  app.post<{ Params: { pipeline: string } }>("/v1/:pipeline/predict", async ({ params, body }, reply) => {
    const { pipeline } = params;
    const request = readPredictRequest(body, deps.config.rowsPerRequestMax);
    const ids = request.ids ?? request.rows.map(() => deps.newId());
    try {
      const chosen = chooseModel(deps, pipeline, undefined, ids[0] ?? "");
      const predictions = await chosen.model.use(() => predict(deps, chosen, request, ids));
      return { pipeline, predictions };
    } catch (error) {
      return refuse(reply, error);
    }
  });
}

async function predict(
  deps: Deps,
  chosen: ChosenModel,
  { rows }: PredictRequest,
  ids: readonly string[],
): Promise<Prediction[]> {
  const { transform, servable, version } = chosen.model;
  return measured(deps, chosen, async () => {
    const { table, errors } = await transform(rows);
    const refusals = [...missingColumns(rows, servable), ...errors];
    if (refusals.length > 0) throw new RowsRefused(refusals.sort((a, b) => a.row - b.row));
    const answers = await answer(deps, chosen, { table, ids, rows });
    return predictionsOf(answers, servable.classes ?? [], version, ids);
  });
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof RowsRefused) {
    return problem(reply, 422, "ROWS_INVALID", error.message, {
      errors: error.refusals.slice(0, refusalsShown),
    });
  }
  if (error instanceof ServingError || error instanceof OnnxError) {
    return problem(reply, 422, error.code, error.message);
  }
  if (error instanceof TabularError) {
    reply.header("retry-after", "1");
    return problem(
      reply,
      503,
      "FEATURES_UNAVAILABLE",
      `The features cannot be computed now: ${error.message}`,
    );
  }
  if (error instanceof HttpProblem && error.statusCode === 503) {
    reply.header("retry-after", "1");
    return problem(reply, 503, error.code, error.message);
  }
  throw error;
}

function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  more: object = {},
): FastifyReply {
  return reply
    .status(status)
    .type("application/problem+json")
    .send({ type: "about:blank", status, code, title: "The request cannot be answered", detail, ...more });
}
