import { services } from "@cascade/contracts";
import type { Stack } from "@cascade/stack";

const counted =
  /^(?:cascade_job_run_seconds_sum|cascade_model_load_seconds_sum)(?:\{[^}]*\})? ([0-9.e+-]+)$/gm;

/** Seconds that all services have spent inside trainers, data work and the loading of models so far. */
export async function workSeconds(stack: Stack): Promise<number> {
  const texts = await Promise.all(
    services.map(async (service) => (await fetch(`${stack.urlOf(service)}/metrics`)).text()),
  );
  return texts
    .flatMap((text) => [...text.matchAll(counted)])
    .reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
