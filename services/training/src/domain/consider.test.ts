import { describe, expect, test } from "vitest";
import { given, noon, pipeline, ready, trigger } from "../testing/fixtures.ts";
import {
  type Answer,
  consider,
  reconsider,
  reconsiderAfterTimer,
  reconsiderThenConsider,
} from "./consider.ts";
import type { TriggerState, Wish } from "./trigger-state.ts";

/** What was answered, in short. */
const said = (answers: readonly Answer[]) =>
  answers.map((answer) =>
    answer.kind === "started"
      ? `${answer.trigger.kind} started`
      : `${answer.trigger.kind} ${answer.reason}${answer.pending ? " waits" : ""}`,
  );

const running = (changes: Partial<TriggerState> = {}) => ready({ runningRunId: "run-0", ...changes });
const wish = (kind: Wish["trigger"]["kind"], reason: Wish["reason"]): Wish => ({
  trigger: trigger(kind, `waiting-${kind}`),
  reason,
});

describe("a run that starts", () => {
  test("takes the rows, the place and one run of the budget", () => {
    const { state, answers } = consider(ready(), trigger("drift"), given());
    expect(said(answers)).toEqual(["drift started"]);
    expect(state).toMatchObject({
      newRows: 0,
      runningRunId: "id-1",
      lastStartedAt: noon,
      budget: { day: "2026-03-01", runs: 1 },
      wish: undefined,
    });
  });

  test("knows everything it needs, whatever becomes of the pipeline", () => {
    const [answer] = consider(ready(), trigger("drift"), given()).answers;
    expect(answer?.kind === "started" && answer.run).toMatchObject({
      runId: "id-1",
      snapshotId: "snapshot-1",
      newRows: 100,
      trainer: "builtin/gbdt",
      seed: 1,
      timeoutSeconds: 600,
      memoryMiB: 2048,
    });
  });

  test("costs no budget where a person asked", () => {
    expect(consider(ready(), trigger("request"), given()).state.budget.runs).toBe(0);
  });

  test("counts the runs of a new day from one", () => {
    const { state } = consider(ready({ budget: { day: "2026-02-28", runs: 9 } }), trigger("drift"), given());
    expect(state.budget).toEqual({ day: "2026-03-01", runs: 1 });
  });

  test("takes the place of a wish that waited", () => {
    const waiting = ready({
      wish: wish("drift", "TOO_FEW_NEW_ROWS"),
      pipeline: pipeline({ drift: { minNewRows: 500 } }),
    });
    const { state, answers } = consider(waiting, trigger("request"), given());
    expect(said(answers)).toEqual(["drift SUPERSEDED", "request started"]);
    expect(state.wish).toBeUndefined();
  });
});

describe("of two wishes", () => {
  test("the newest waits, the one it replaces is superseded", () => {
    const first = consider(running(), trigger("new-data"), given());
    const second = consider(first.state, trigger("drift"), given());
    expect(said(second.answers)).toEqual(["new-data SUPERSEDED", "drift RUN_IN_PROGRESS waits"]);
    expect(second.state.wish?.trigger.kind).toBe("drift");
  });

  test("a person's request is not replaced by an event, which would lose its exemptions", () => {
    const { state, answers } = consider(
      running({ wish: wish("request", "RUN_IN_PROGRESS") }),
      trigger("drift"),
      given(),
    );
    expect(said(answers)).toEqual(["drift SUPERSEDED"]);
    expect(state.wish?.trigger.kind).toBe("request");
  });

  test("a newer request replaces an older one", () => {
    const waiting = running({ wish: wish("request", "RUN_IN_PROGRESS") });
    const { state } = consider(waiting, trigger("request", "newer"), given());
    expect(state.wish?.trigger.eventId).toBe("newer");
  });

  test("what only waits for its time is not given up for what may never have enough rows", () => {
    const waiting = ready({
      newRows: 10,
      pipeline: pipeline({ drift: { minNewRows: 500 } }),
      cooldownFrom: noon,
      wish: wish("new-data", "COOLDOWN"),
    });
    const { state, answers } = consider(waiting, trigger("drift"), given());
    expect(said(answers)).toEqual(["drift SUPERSEDED"]);
    expect(state.wish?.trigger.kind).toBe("new-data");
  });

  test("one that is refused leaves the other alone", () => {
    const waiting = running({
      wish: wish("new-data", "RUN_IN_PROGRESS"),
      pipeline: pipeline({ drift: null }),
    });
    const { state, answers } = consider(waiting, trigger("drift"), given());
    expect(said(answers)).toEqual(["drift TRIGGER_OFF"]);
    expect(state.wish?.trigger.kind).toBe("new-data");
  });
});

describe("a wish that waits for a time", () => {
  const cooling = ready({ cooldownFrom: noon });

  test("gets a timer for the end of the cooldown", () => {
    const { timer } = consider(cooling, trigger("drift"), given());
    expect(timer).toEqual({ wishEventId: "event-drift", at: new Date("2026-03-01T12:01:00.000Z") });
  });

  test("starts when the timer fires", () => {
    const { state } = consider(cooling, trigger("drift"), given());
    const later = given(new Date("2026-03-01T12:01:00.000Z"));
    expect(said(reconsiderAfterTimer(state, "event-drift", later).answers)).toEqual(["drift started"]);
  });

  test("gets another timer where the clock that fired it is ahead, and says nothing twice", () => {
    const { state } = consider(cooling, trigger("drift"), given());
    const early = given(new Date("2026-03-01T12:00:59.990Z"));
    const again = reconsiderAfterTimer(state, "event-drift", early);
    expect(again.answers).toEqual([]);
    expect(again.timer).toEqual({ wishEventId: "event-drift", at: new Date("2026-03-01T12:01:00.000Z") });
  });

  test("is left alone by the timer of a wish that is gone", () => {
    const { state } = consider(cooling, trigger("drift", "newer"), given());
    const later = given(new Date("2026-03-01T12:05:00.000Z"));
    expect(reconsiderAfterTimer(state, "older", later)).toEqual({ state, answers: [] });
  });

  test("gets no second timer when something else has it decided again", () => {
    const { state } = consider(cooling, trigger("drift"), given());
    expect(reconsider(state, given()).timer).toBeUndefined();
  });

  test("waits on into the budget of the next day, and says so", () => {
    const budget = { day: "2026-03-01", runs: 24 };
    const { state } = consider({ ...cooling, budget }, trigger("drift"), given());
    const after = reconsiderAfterTimer(state, "event-drift", given(new Date("2026-03-01T12:01:00.000Z")));
    expect(said(after.answers)).toEqual(["drift BUDGET_SPENT waits"]);
    expect(after.timer?.at).toEqual(new Date("2026-03-02T00:00:00.000Z"));
  });
});

describe("a new batch", () => {
  const waiting = (changes: Partial<TriggerState> = {}) =>
    ready({ wish: wish("drift", "TOO_FEW_NEW_ROWS"), ...changes });

  test("starts the drift that waited for rows; the batch itself needs no answer, it is in the run", () => {
    const { state, answers } = reconsiderThenConsider(waiting(), trigger("new-data"), given());
    expect(said(answers)).toEqual(["drift started"]);
    expect(state.wish).toBeUndefined();
  });

  test("that is still too small for the drift may be enough for itself", () => {
    const policy = pipeline({ drift: { minNewRows: 500 } });
    const { answers } = reconsiderThenConsider(waiting({ pipeline: policy }), trigger("new-data"), given());
    expect(said(answers)).toEqual(["drift SUPERSEDED", "new-data started"]);
  });

  test("that is too small for both changes nothing", () => {
    const policy = pipeline({ drift: { minNewRows: 500 }, newData: { minRows: 500 } });
    const before = waiting({ pipeline: policy });
    const { state, answers } = reconsiderThenConsider(before, trigger("new-data"), given());
    expect(said(answers)).toEqual(["new-data TOO_FEW_NEW_ROWS"]);
    expect(state.wish?.trigger.kind).toBe("drift");
  });

  test("during a cooldown becomes the wish that waits, with one timer", () => {
    const { state, answers, timer } = reconsiderThenConsider(
      waiting({ cooldownFrom: noon }),
      trigger("new-data"),
      given(),
    );
    expect(said(answers)).toEqual(["drift COOLDOWN waits", "drift SUPERSEDED", "new-data COOLDOWN waits"]);
    expect(state.wish?.trigger.kind).toBe("new-data");
    expect(timer?.wishEventId).toBe("event-new-data");
  });

  test("leaves the timer of a wish that stays", () => {
    const { timer, state } = reconsiderThenConsider(
      waiting({ cooldownFrom: noon, pipeline: pipeline({ newData: null }) }),
      trigger("new-data"),
      given(),
    );
    expect(state.wish?.trigger.kind).toBe("drift");
    expect(timer?.wishEventId).toBe("waiting-drift");
  });
});

test("deciding again without a wish does nothing", () => {
  expect(reconsider(ready(), given())).toEqual({ state: ready(), answers: [] });
});
