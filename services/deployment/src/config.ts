import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

export const settings = {
  replicaLiveMs: setting("CASCADE_REPLICA_LIVE_MS", numberSetting(z.int().positive()).default(30_000)),
  pageSizeMax: setting("CASCADE_PAGE_SIZE_MAX", numberSetting(z.int().min(1).max(10_000)).default(200)),
};
