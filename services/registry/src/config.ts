import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

export const settings = {
  pageSizeMax: setting("CASCADE_PAGE_SIZE_MAX", numberSetting(z.int().min(1).max(10_000)).default(200)),
};
