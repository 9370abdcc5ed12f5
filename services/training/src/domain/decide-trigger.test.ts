import { describe, expect, test } from "vitest";
import { noon, pipeline, ready, trainingSet, trigger, triggerKinds } from "../testing/fixtures.ts";
import { decideTrigger } from "./decide-trigger.ts";
import type { TriggerPolicy, TriggerState } from "./trigger-state.ts";

const minutesBefore = (minutes: number) => new Date(noon.getTime() - minutes * 60_000);

function decide(kind: (typeof triggerKinds)[number], state: TriggerState, now = noon) {
  return decideTrigger(state, state.pipeline?.training.triggers, trigger(kind), now);
}

function under(policy: Partial<TriggerPolicy>, changes: Partial<TriggerState> = {}): TriggerState {
  return ready({ pipeline: pipeline(policy), ...changes });
}

test.each(triggerKinds)("a %s starts a run where nothing is in the way", (kind) => {
  expect(decide(kind, ready())).toEqual({ kind: "start" });
});

describe("NO_PIPELINE", () => {
  const unknown = ready({ pipeline: undefined });

  test.each(["new-data", "request"] as const)(
    "a %s waits for the event that applies its pipeline",
    (kind) => {
      expect(decide(kind, unknown)).toMatchObject({ kind: "wait", reason: "NO_PIPELINE" });
    },
  );

  test.each(["drift", "quality-drop"] as const)("a %s of an unknown pipeline is no wish", (kind) => {
    expect(decide(kind, unknown)).toMatchObject({
      kind: "suppress",
      reason: "NO_PIPELINE",
      message: expect.stringContaining("cascade apply"),
    });
  });
});

describe("TRIGGER_OFF", () => {
  test.each([
    ["new-data", { newData: null }],
    ["drift", { drift: null }],
    ["quality-drop", { qualityDrop: null }],
  ] as const)("a %s does nothing where its trigger is null", (kind, policy) => {
    expect(decide(kind, under(policy))).toMatchObject({ kind: "suppress", reason: "TRIGGER_OFF" });
  });

  test.each(["request", "pipeline-change"] as const)("a %s cannot be turned off", (kind) => {
    const off = under({ newData: null, drift: null, qualityDrop: null });
    expect(decide(kind, off)).toEqual({ kind: "start" });
  });

  test("the other triggers go on", () => {
    expect(decide("new-data", under({ drift: null }))).toEqual({ kind: "start" });
    expect(decide("drift", under({ newData: null }))).toEqual({ kind: "start" });
  });
});

describe("NO_TRAINING_SET", () => {
  test.each(triggerKinds)("a %s waits for the first training set", (kind) => {
    expect(decide(kind, ready({ snapshot: undefined }))).toMatchObject({
      kind: "wait",
      reason: "NO_TRAINING_SET",
    });
  });

  test.each(triggerKinds)("a %s does not train on features that are no longer declared", (kind) => {
    const features = trainingSet.features.map((feature) => ({ ...feature, sql: `${feature.sql} + 1` }));
    const snapshot = { snapshotId: "old", trainingSet: { ...trainingSet, features } };
    expect(decide(kind, ready({ snapshot }))).toMatchObject({ kind: "wait", reason: "NO_TRAINING_SET" });
  });
});

describe("TOO_FEW_NEW_ROWS", () => {
  test("new data are not remembered, because the next batch asks again", () => {
    expect(decide("new-data", under({ newData: { minRows: 101 } }))).toEqual({
      kind: "suppress",
      reason: "TOO_FEW_NEW_ROWS",
      message: "100 new rows since the last run, 101 needed",
    });
  });

  test.each([
    ["drift", { drift: { minNewRows: 101 } }],
    ["quality-drop", { qualityDrop: { minNewRows: 101 } }],
  ] as const)("a %s waits for the next batch", (kind, policy) => {
    expect(decide(kind, under(policy))).toMatchObject({ kind: "wait", reason: "TOO_FEW_NEW_ROWS" });
  });

  test("exactly enough rows are enough", () => {
    expect(decide("new-data", under({ newData: { minRows: 100 } }))).toEqual({ kind: "start" });
    expect(decide("drift", under({ drift: { minNewRows: 100 } }))).toEqual({ kind: "start" });
  });

  test("a drift starts without new rows where the pipeline asks for none", () => {
    expect(decide("drift", under({ drift: { minNewRows: 0 } }, { newRows: 0 }))).toEqual({ kind: "start" });
  });

  test.each(["request", "pipeline-change"] as const)("a %s needs no new rows", (kind) => {
    expect(decide(kind, ready({ newRows: 0 }))).toEqual({ kind: "start" });
  });
});

describe("RUN_IN_PROGRESS", () => {
  test.each(triggerKinds)("a %s waits for the end of the run, also where a person asks", (kind) => {
    expect(decide(kind, ready({ runningRunId: "run-1" }))).toMatchObject({
      kind: "wait",
      reason: "RUN_IN_PROGRESS",
      message: expect.stringContaining("run-1"),
    });
  });
});

describe("COOLDOWN", () => {
  const cooling = under({ cooldownSeconds: 600 }, { cooldownFrom: minutesBefore(4) });

  test.each(["new-data", "drift", "quality-drop", "pipeline-change"] as const)(
    "a %s waits until the cooldown is over",
    (kind) => {
      expect(decide(kind, cooling)).toMatchObject({
        kind: "wait",
        reason: "COOLDOWN",
        until: new Date("2026-03-01T12:06:00.000Z"),
      });
    },
  );

  test("a person does not wait", () => {
    expect(decide("request", cooling)).toEqual({ kind: "start" });
  });

  test("it is over at its very end", () => {
    expect(decide("drift", cooling, new Date("2026-03-01T12:05:59.999Z")).kind).toBe("wait");
    expect(decide("drift", cooling, new Date("2026-03-01T12:06:00.000Z")).kind).toBe("start");
  });

  test("a clock that was set back only makes it longer", () => {
    expect(decide("drift", cooling, new Date("2026-02-28T12:00:00.000Z")).kind).toBe("wait");
  });
});

describe("BUDGET_SPENT", () => {
  const spent = under({ runsPerDay: 3 }, { budget: { day: "2026-03-01", runs: 3 } });

  test.each(["new-data", "drift", "quality-drop", "pipeline-change"] as const)(
    "a %s waits for the next day of UTC",
    (kind) => {
      expect(decide(kind, spent)).toMatchObject({
        kind: "wait",
        reason: "BUDGET_SPENT",
        until: new Date("2026-03-02T00:00:00.000Z"),
      });
    },
  );

  test("a person has no budget", () => {
    expect(decide("request", spent)).toEqual({ kind: "start" });
  });

  test("the runs of yesterday do not count", () => {
    expect(decide("drift", spent, new Date("2026-03-02T00:00:00.000Z"))).toEqual({ kind: "start" });
  });

  test("the last run of the budget may start", () => {
    expect(decide("drift", { ...spent, budget: { day: "2026-03-01", runs: 2 } })).toEqual({ kind: "start" });
  });
});

test("of several reasons the one that passes last is named", () => {
  const all: Partial<TriggerState> = {
    newRows: 0,
    runningRunId: "run-1",
    cooldownFrom: noon,
    budget: { day: "2026-03-01", runs: 24 },
  };
  const reasonOf = (state: TriggerState) => {
    const decision = decide("drift", state);
    return decision.kind === "start" ? "start" : decision.reason;
  };
  expect(reasonOf(under({ drift: null }, { ...all, snapshot: undefined }))).toBe("TRIGGER_OFF");
  expect(reasonOf(ready({ ...all, snapshot: undefined }))).toBe("NO_TRAINING_SET");
  expect(reasonOf(ready(all))).toBe("TOO_FEW_NEW_ROWS");
  expect(reasonOf(ready({ ...all, newRows: 1 }))).toBe("RUN_IN_PROGRESS");
  expect(reasonOf(ready({ ...all, newRows: 1, runningRunId: undefined }))).toBe("COOLDOWN");
  expect(reasonOf(ready({ newRows: 1, budget: { day: "2026-03-01", runs: 24 } }))).toBe("BUDGET_SPENT");
});

describe("DEBOUNCE", () => {
  const debounce = { quietSeconds: 300, maxDelaySeconds: 1200 };
  const arriving = (newest: number, enough: number) =>
    under(
      { newData: { minRows: 1, debounce } },
      { rowsNewestAt: minutesBefore(newest), rowsEnoughAt: minutesBefore(enough) },
    );

  test("new data wait until no more have come for a while", () => {
    expect(decide("new-data", arriving(1, 3))).toMatchObject({
      kind: "wait",
      reason: "DEBOUNCE",
      until: new Date("2026-03-01T12:04:00.000Z"),
    });
    expect(decide("new-data", arriving(5, 7))).toEqual({ kind: "start" });
  });

  test("but not for ever: rows that go on coming are trained on after the longest delay", () => {
    expect(decide("new-data", arriving(0, 18))).toMatchObject({
      until: new Date("2026-03-01T12:02:00.000Z"),
    });
    expect(decide("new-data", arriving(0, 20))).toEqual({ kind: "start" });
  });

  test("a drift does not wait for more rows", () => {
    expect(decide("drift", arriving(0, 0))).toEqual({ kind: "start" });
  });
});

describe("a trigger's own limits", () => {
  const own = { cooldownSeconds: 600, runsPerDay: 2 };
  const day = "2026-03-01";
  const after = (runs: number, minutes: number) =>
    under(
      { cooldownSeconds: 0, drift: { minNewRows: 0, ...own } },
      { byTrigger: { drift: { cooldownFrom: minutesBefore(minutes), budget: { day, runs } } } },
    );

  test("hold it back and no other", () => {
    expect(decide("drift", after(1, 4))).toMatchObject({
      reason: "COOLDOWN",
      until: new Date("2026-03-01T12:06:00.000Z"),
      message: expect.stringContaining("the last run by drift"),
    });
    expect(decide("drift", after(2, 60))).toMatchObject({
      reason: "BUDGET_SPENT",
      message: expect.stringContaining("2 runs by drift"),
    });
    expect(decide("drift", after(1, 60))).toEqual({ kind: "start" });
    expect(decide("quality-drop", after(2, 4))).toEqual({ kind: "start" });
  });

  test("come on top of those for all of them: the later one counts", () => {
    const both = under(
      { cooldownSeconds: 900, drift: { minNewRows: 0, ...own } },
      { byTrigger: after(0, 4).byTrigger, cooldownFrom: minutesBefore(4) },
    );
    expect(decide("drift", both)).toMatchObject({ until: new Date("2026-03-01T12:11:00.000Z") });
  });
});

describe("a schedule", () => {
  const schedule = { cron: "0 12 * * *", timeZone: "UTC", minNewRows: 5 };

  test("asks again at its next due time where too few rows are new: a run at another time would be none of its", () => {
    const state = under({ schedule }, { newRows: 4 });
    const { triggers } = pipeline({ schedule }).training;
    expect(decideTrigger(state, triggers, trigger("schedule"), noon)).toMatchObject({
      kind: "suppress",
      reason: "TOO_FEW_NEW_ROWS",
    });
  });

  test("that is left out of the pipeline is off", () => {
    const { triggers } = pipeline().training;
    expect(decideTrigger(ready(), triggers, trigger("schedule"), noon)).toMatchObject({
      reason: "TRIGGER_OFF",
    });
    expect(decideTrigger(ready(), triggers, trigger("code-change"), noon)).toEqual({ kind: "start" });
  });
});
