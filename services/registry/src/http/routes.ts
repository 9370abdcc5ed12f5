import type { Service } from "@cascade/service-kit";
import { readLineage } from "../adapters/read-lineage.ts";
import { listModelVersions, readChampion, readModelVersion } from "../adapters/read-model-versions.ts";
import { listPipelines, listPipelineVersions, readPipeline } from "../adapters/read-pipelines.ts";
import type { settings } from "../config.ts";
import type { Deps } from "../deps.ts";
import { noChampion, noSuchPipeline, noSuchVersion } from "../errors.ts";
import { namePageOf, pageOf, pipelineOf, versionOf } from "./request.ts";

type AddRoutes = NonNullable<Service<typeof settings, Deps>["http"]>;

/** The read side. A pipeline that was never applied is told from one that has no models yet. */
export const addRoutes: AddRoutes = (app, { database, pageSizeMax }) => {
  const known = async (params: unknown) => {
    const pipeline = pipelineOf(params);
    const found = await readPipeline(database, pipeline);
    if (found === undefined) throw noSuchPipeline(pipeline);
    return found;
  };

  app.get("/v1/pipelines", async ({ query }) => ({
    pipelines: await listPipelines(database, namePageOf(query, pageSizeMax)),
  }));
  app.get("/v1/pipelines/:pipeline", ({ params }) => known(params));
  app.get("/v1/pipelines/:pipeline/versions", async ({ params, query }) => {
    const { pipeline } = await known(params);
    return { pipeline, versions: await listPipelineVersions(database, pipeline, pageOf(query, pageSizeMax)) };
  });

  app.get("/v1/models/:pipeline/versions", async ({ params, query }) => {
    const { pipeline } = await known(params);
    return { pipeline, versions: await listModelVersions(database, pipeline, pageOf(query, pageSizeMax)) };
  });
  app.get("/v1/models/:pipeline/versions/:version", async ({ params }) => {
    const { pipeline } = await known(params);
    const version = versionOf(params);
    const found = await readModelVersion(database, pipeline, version);
    if (found === undefined) throw noSuchVersion(pipeline, version);
    return found;
  });
  app.get("/v1/models/:pipeline/versions/:version/lineage", async ({ params }) => {
    const { pipeline } = await known(params);
    const version = versionOf(params);
    const found = await readLineage(database, pipeline, version);
    if (found === undefined) throw noSuchVersion(pipeline, version);
    return found;
  });
  app.get("/v1/models/:pipeline/champion", async ({ params, query }) => {
    const { pipeline } = await known(params);
    const champion = await readChampion(database, pipeline, pageOf(query, pageSizeMax));
    if (champion === undefined) throw noChampion(pipeline);
    return champion;
  });
};
