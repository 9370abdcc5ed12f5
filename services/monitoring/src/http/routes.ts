import type { Service } from "@cascade/service-kit";
import { listMonitored, readMonitoring } from "../adapters/read-monitoring.ts";
import type { settings } from "../config.ts";
import type { Deps } from "../deps.ts";
import { monitoringErrors } from "../errors.ts";

type AddRoutes = NonNullable<Service<typeof settings, Deps>["http"]>;

/** What has been measured: windows with their scores, quality, open alerts, and how much was seen. */
export const addRoutes: AddRoutes = (app, { database }) => {
  app.get("/v1/monitoring", async () => ({ pipelines: await listMonitored(database) }));
  app.get<{ Params: { pipeline: string } }>("/v1/monitoring/:pipeline", async ({ params }) => {
    const { pipeline } = params;
    const monitoring = await readMonitoring(database, pipeline);
    if (monitoring === undefined) throw monitoringErrors.notMonitored(pipeline);
    return { pipeline, ...monitoring };
  });
};
