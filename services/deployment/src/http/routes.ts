import type { Service } from "@cascade/service-kit";
import { listEndpoints, readEndpoint, readHistory } from "../adapters/read-endpoints.ts";
import type { settings } from "../config.ts";
import type { Deps } from "../deps.ts";
import { noSuchEndpoint } from "../errors.ts";
import { namePageOf, pageOf, pipelineOf } from "./request.ts";

type AddRoutes = NonNullable<Service<typeof settings, Deps>["http"]>;

export const addRoutes: AddRoutes = (app, { database, pageSizeMax, replicaLiveMs }) => {
  const find = async (params: unknown) => {
    const pipeline = pipelineOf(params);
    const endpoint = await readEndpoint(database, pipeline, new Date(), replicaLiveMs);
    if (endpoint === undefined) throw noSuchEndpoint(pipeline);
    return { pipeline, endpoint };
  };

  app.get("/v1/endpoints", async ({ query }) => ({
    endpoints: await listEndpoints(database, namePageOf(query, pageSizeMax)),
  }));
  app.get("/v1/endpoints/:pipeline", async ({ params }) => (await find(params)).endpoint);
  app.get("/v1/endpoints/:pipeline/history", async ({ params, query }) => {
    const { pipeline } = await find(params);
    return { pipeline, assignments: await readHistory(database, pipeline, pageOf(query, pageSizeMax)) };
  });
};
