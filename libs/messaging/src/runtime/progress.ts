import { z } from "zod";
import type { World } from "./world.ts";

/** Where progress is told to whoever follows: core NATS, so that a lost message costs nothing. */
const progressSubject = (pipeline: string) => `cascade-progress.${pipeline}`;
export const allProgressSubjects = "cascade-progress.>";

export const Progress = z.object({
  service: z.string(),
  job: z.string(),
  pipeline: z.string(),
  correlationId: z.string(),
  eventId: z.string(),
  message: z.string(),
  share: z.number().min(0).max(1).optional(),
});
export type Progress = z.infer<typeof Progress>;

export function publishProgress(world: World, update: Omit<Progress, "service">): void {
  const { service, broker } = world;
  const { job, pipeline, correlationId, eventId, message, share } = update;
  const progress: Progress = {
    service,
    job,
    pipeline,
    correlationId,
    eventId,
    message,
    ...(share === undefined ? {} : { share }),
  };
  broker.tell(progressSubject(pipeline), JSON.stringify(progress));
}
