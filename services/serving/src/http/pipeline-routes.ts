import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";

/** What this replica serves, and what it is waiting for. */
export function addPipelineRoutes(app: FastifyInstance, { endpoints }: Deps): void {
  app.get("/v1/pipelines", async () => ({ pipelines: endpoints.all().map(describe) }));
}

function describe({ pipeline, active, wanted, outcome }: Endpoint) {
  const traffic = active();
  const settled = outcome();
  const state = settled === undefined ? "loading" : settled.kind;
  return {
    pipeline,
    revision: traffic?.revision,
    versions: (traffic?.versions ?? []).map(({ version, weightPercent, model }) => ({
      version,
      weightPercent,
      task: model.servable.task,
      model: model.servable.model.digest,
      inputColumns: model.servable.inputColumns,
    })),
    wanted: { revision: wanted()?.traffic.revision, state },
    ...(settled?.kind === "failed" ? { problem: { version: settled.version, ...settled.problem } } : {}),
  };
}
