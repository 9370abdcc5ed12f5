import type { PipelineSpec } from "@cascade/contracts";
import { effectiveRunsPerDayMax, runsPerDay, unlimitedCycles } from "../trigger-cycles.ts";
import type { Described } from "./describe-issue.ts";

/** Refuses a policy that could feed itself for ever, and shows how. Told where the limit was taken away. */
export function checkCycles(spec: PipelineSpec): Described[] {
  const { triggers } = spec.training;
  return unlimitedCycles(spec).map(({ trigger, events }) => ({
    path: ["training", "triggers", "cooldownSeconds"],
    part: "value",
    message:
      `with no cooldown and ${runsPerDay(triggers, trigger)} runs a day, ${trigger} could train for ever: ` +
      `${events.join(" → ")}. Set cooldownSeconds above 0, or runsPerDay to at most ${effectiveRunsPerDayMax}, ` +
      `here or in ${trigger}${trigger === "newData" ? ", or a debounce" : ""}`,
  }));
}
