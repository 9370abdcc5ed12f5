import type { PipelineSpec } from "@cascade/contracts";

type Policy = PipelineSpec["training"]["triggers"];

/** A trigger that what it starts can set off again. */
export interface TriggerCycle {
  readonly trigger: "newData" | "drift" | "qualityDrop" | "codeChange";
  /** The events on the way, the first one again at the end. */
  readonly events: readonly string[];
}

// One run a minute, day and night: a budget above it holds nothing back.
export const effectiveRunsPerDayMax = 1440;

const toServing = ["training-run.requested", "model-version.promoted", "rollout.completed"];

/**
 * The cycles of a pipeline that nothing slows down: neither a cooldown, nor a debounce, nor a budget that is one. Of
 * several pipelines there are none, because feedback comes back to its own pipeline alone. A drift or a lower quality
 * that asks for new rows is fed from outside, unless feedback brings them.
 */
export function unlimitedCycles({ training, monitoring }: PipelineSpec): TriggerCycle[] {
  const { triggers, trainer } = training;
  const { drift, quality, feedback } = monitoring;
  const feedsItself = (minNewRows: number | undefined) => minNewRows === 0 || feedback !== null;
  const cycles: (TriggerCycle | false)[] = [
    triggers.newData !== null &&
      feedback !== null &&
      triggers.newData.debounce === undefined && {
        trigger: "newData",
        events: closed(
          "feedback.collected",
          "dataset.ingested",
          "feature-view.materialized",
          ...toServing,
          "predictions.logged",
        ),
      },
    triggers.drift !== null &&
      drift !== null &&
      feedsItself(triggers.drift.minNewRows) && {
        trigger: "drift",
        events: closed("drift.detected", ...toServing, "predictions.logged", "window.closed"),
      },
    triggers.qualityDrop !== null &&
      quality !== null &&
      feedsItself(triggers.qualityDrop.minNewRows) && {
        trigger: "qualityDrop",
        events: closed("quality.degraded", ...toServing, "predictions.logged", "quality-window.closed"),
      },
    // A program may write into its own directory.
    triggers.codeChange?.everySeconds !== undefined &&
      typeof trainer !== "string" && {
        trigger: "codeChange",
        events: closed("trainer-code.changed", "training-run.requested", "training-run.started"),
      },
  ];
  return cycles.filter((cycle) => cycle !== false).filter(({ trigger }) => !isLimited(triggers, trigger));
}

function closed(first: string, ...others: string[]): string[] {
  return [first, ...others, first];
}

function isLimited(policy: Policy, trigger: TriggerCycle["trigger"]): boolean {
  const own = policy[trigger];
  const cooldownSeconds = Math.max(policy.cooldownSeconds, own?.cooldownSeconds ?? 0);
  return cooldownSeconds > 0 || runsPerDay(policy, trigger) <= effectiveRunsPerDayMax;
}

/** How many runs a day a trigger can start. */
export function runsPerDay(policy: Policy, trigger: TriggerCycle["trigger"]): number {
  return Math.min(policy.runsPerDay, policy[trigger]?.runsPerDay ?? policy.runsPerDay);
}
