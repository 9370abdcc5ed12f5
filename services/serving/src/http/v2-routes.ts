import { describeError } from "@cascade/messaging";
import { OnnxError } from "@cascade/onnx";
import { HttpProblem } from "@cascade/service-kit";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Deps } from "../deps.ts";
import { requestErrors, ServingError } from "../errors.ts";
import { answer, measured } from "./answer.ts";
import { chooseModel } from "./choose-model.ts";
import { readV2Request } from "./v2-request.ts";
import { v2Metadata, v2Outputs } from "./v2-response.ts";

interface ModelParams {
  readonly pipeline: string;
  readonly version?: string;
}

/** The Open Inference Protocol v2 over JSON. A model's name is its pipeline's, its inputs are its features. */
export async function addV2Routes(app: FastifyInstance, deps: Deps): Promise<void> {
  app.setErrorHandler((error, request, reply) =>
    answerError(reply, error, (cause) => request.log.error(cause)),
  );
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: `There is nothing at ${request.method} ${request.url.slice(0, 200)}.` }),
  );

  app.get("/", async () => ({ name: "cascade-serving", version: "0.1.0", extensions: [] }));
  app.get("/health/live", async () => ({ live: true }));
  app.get("/health/ready", async (_request, reply) => {
    const ready = deps.desiredState.problems().length === 0;
    return reply.status(ready ? 200 : 503).send({ ready });
  });
  app.get("/models", async () => ({
    models: deps.endpoints
      .all()
      .filter(({ active }) => (active()?.versions.length ?? 0) > 0)
      .map(({ pipeline }) => pipeline),
  }));

  for (const path of ["/models/:pipeline", "/models/:pipeline/versions/:version"]) {
    app.get<{ Params: ModelParams }>(path, async ({ params }) => metadata(deps, params));
    app.get<{ Params: ModelParams }>(`${path}/ready`, async ({ params }) => {
      chooseModel(deps, params.pipeline, params.version, "");
      return { name: params.pipeline, ready: true };
    });
    app.post<{ Params: ModelParams }>(`${path}/infer`, async ({ params, headers, body }) => {
      if (headers["inference-header-content-length"] !== undefined) {
        throw requestErrors.invalid("Binary tensors are not taken; send the values of the inputs as JSON.");
      }
      return infer(deps, params, body);
    });
  }
}

async function infer(deps: Deps, { pipeline, version }: ModelParams, body: unknown) {
  const firstId = deps.newId();
  const chosen = chooseModel(deps, pipeline, version, firstId);
  const { model } = chosen;
  const { id, table, outputs } = readV2Request(body, model.servable, deps.config.rowsPerRequestMax);
  // Own ids: those of this protocol only match answers to requests, and many clients count from 1.
  const ids = Array.from({ length: table.rowCount }, (_, row) => (row === 0 ? firstId : deps.newId()));
  const answers = await model.use(() => measured(deps, chosen, () => answer(deps, chosen, { table, ids })));
  return {
    model_name: pipeline,
    model_version: String(model.version),
    ...(id === undefined ? {} : { id }),
    parameters: { prediction_ids: ids.join(",") },
    outputs: v2Outputs(model.servable, answers, outputs),
  };
}

function metadata(deps: Deps, { pipeline, version }: ModelParams) {
  const { model } = chooseModel(deps, pipeline, version, "");
  const versions = deps.endpoints.get(pipeline)?.active()?.versions ?? [];
  return v2Metadata(
    pipeline,
    versions.map((one) => one.version),
    model.servable,
  );
}

function answerError(reply: FastifyReply, error: unknown, report: (error: object) => void): FastifyReply {
  const status = statusOf(error);
  if (status === 503) reply.header("retry-after", "1");
  if (status !== 500) return reply.status(status).send({ error: describeError(error).message });
  report({ err: error });
  return reply
    .status(500)
    .send({ error: `The service could not answer; see its log for ${reply.request.id}.` });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpProblem) return error.statusCode;
  if (error instanceof ServingError || error instanceof OnnxError) return 422;
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}
