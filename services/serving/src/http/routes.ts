import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { addPipelineRoutes } from "./pipeline-routes.ts";
import { addPredictRoutes } from "./predict-routes.ts";
import { addV2Routes } from "./v2-routes.ts";

export async function addRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  addPipelineRoutes(app, deps);
  addPredictRoutes(app, deps);
  await app.register((scope) => addV2Routes(scope, deps), { prefix: "/v2" });
}
