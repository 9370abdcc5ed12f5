import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTime } from "../samples.ts";
import { count, identifier, moment } from "../shapes.ts";

export const ScheduleFiredV1 = defineEvent({
  name: "schedule.fired",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "training itself decides on it, in the cascade that it starts",
  startsCascade: true,
  summary: "A pipeline's training was due by its schedule.",
  schema: z.object({
    cron: identifier,
    timeZone: identifier,
    dueAt: moment,
    /** Due times before that one, which passed while training did not run and count with it. */
    missed: count,
  }),
  example: { cron: "0 3 * * 1-5", timeZone: "Europe/Berlin", dueAt: sampleTime, missed: 0 },
});
