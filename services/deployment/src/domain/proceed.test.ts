import { describe, expect, test } from "vitest";
import { newEndpoint } from "./endpoint.ts";
import { after, canary, promoted, ready, replica, serving, start, view } from "./fixtures.ts";
import { nextLook, proceed } from "./proceed.ts";

describe("given nothing is rolled out", () => {
  test.each([newEndpoint("flights"), serving(1)])("whatever is heard changes nothing", (endpoint) => {
    const change = proceed(endpoint, view({ answers: { requests: 100, errors: 100 }, now: after(1000) }));
    expect(change).toEqual({ endpoint, outcomes: [] });
  });
});

describe("given a direct rollout whose replicas are loading", () => {
  const loading = promoted(serving(1), 2);

  test("it is complete when every live replica is ready", () => {
    const replicas = [replica("b", 2), replica("a", 2)];
    expect(proceed(loading, view({ replicas, now: after(2) }))).toMatchObject({
      endpoint: { revision: 2, stable: { version: 2 }, rollout: undefined },
      outcomes: [{ kind: "completed", replicas: ["a", "b"], rollout: { endedAt: after(2) } }],
    });
  });

  test("it waits for a live replica that is not ready", () => {
    const change = proceed(loading, view({ replicas: [replica("a", 2), replica("b", 1)] }));
    expect(change).toEqual({ endpoint: loading, outcomes: [] });
  });

  test("it does not wait for a replica that has not been heard of for the time limit", () => {
    const replicas = [replica("a", 2, after(30)), replica("b", 1, start)];
    expect(proceed(loading, view({ replicas, now: after(30) })).outcomes).toMatchObject([
      { kind: "completed", replicas: ["a"] },
    ]);
  });

  test("a ready replica that has been idle since counts", () => {
    const replicas = [replica("a", 2, start), replica("b", 1, after(10))];
    expect(proceed(loading, view({ replicas, now: after(41) })).outcomes).toMatchObject([
      { kind: "completed", replicas: ["a"] },
    ]);
  });

  test("one ready replica at least is needed", () => {
    expect(proceed(loading, view({ replicas: [] })).outcomes).toEqual([]);
  });

  test("it is rolled back when a live replica is not ready in time", () => {
    const replicas = [replica("a", 2, after(50)), replica("b", 1, after(50))];
    expect(proceed(loading, view({ replicas, now: after(60) }))).toMatchObject({
      endpoint: { revision: 3, stable: { version: 1 }, rollout: undefined },
      outcomes: [
        { kind: "assigned", revision: 3, traffic: [{ version: 1, weightPercent: 100 }] },
        { kind: "rolled-back", rollout: { reason: "not ready within 60 s: b" } },
      ],
    });
  });

  test("without any live replica it goes on waiting after the limit: nothing speaks against the version", () => {
    const change = proceed(loading, view({ replicas: [replica("a", 1)], now: after(3600) }));
    expect(change).toEqual({ endpoint: loading, outcomes: [] });
    const late = proceed(loading, view({ replicas: [replica("c", 2, after(4000))], now: after(4000) }));
    expect(late.outcomes).toMatchObject([{ kind: "completed", replicas: ["c"] }]);
  });

  test("the first version of all is rolled back to nothing", () => {
    const first = promoted(newEndpoint("flights"), 1);
    const change = proceed(first, view({ replicas: [replica("a", 0, after(59))], now: after(60) }));
    expect(change.endpoint).toMatchObject({ stable: undefined, rollout: undefined, revision: 2 });
    expect(change.outcomes).toMatchObject([{ kind: "assigned", traffic: [] }, { kind: "rolled-back" }]);
  });
});

describe("given a canary", () => {
  const loading = promoted(serving(1), 2, canary);
  const observing = ready(loading);
  const answers = (requests: number, errors: number) => view({ answers: { requests, errors } });

  test("ready replicas begin the observation, which tells nothing yet", () => {
    const change = proceed(loading, view({ replicas: [replica("a", 2)], now: after(3) }));
    expect(change.endpoint.rollout).toMatchObject({ status: "observing", step: 0, since: after(3) });
    expect(change.outcomes).toEqual([]);
  });

  test("it waits as long as there is no traffic", () => {
    expect(proceed(observing, view({ now: after(1e6) }))).toEqual({ endpoint: observing, outcomes: [] });
  });

  test("enough good answers lead to the next step", () => {
    expect(proceed(observing, answers(50, 0))).toMatchObject({
      endpoint: { revision: 3, rollout: { status: "loading", step: 1, revision: 3 } },
      outcomes: [
        { kind: "advanced", step: 1, weightPercent: 50, analysis: { verdict: "passed", requests: 50 } },
        {
          kind: "assigned",
          traffic: [
            { version: 1, weightPercent: 50 },
            { version: 2, weightPercent: 50 },
          ],
        },
      ],
    });
  });

  test("answers that came before the last replica was ready count when it is", () => {
    const change = proceed(loading, { ...answers(50, 0), replicas: [replica("a", 2)] });
    expect(change.outcomes).toMatchObject([{ kind: "advanced" }, { kind: "assigned" }]);
  });

  test("too many errors lead back", () => {
    expect(proceed(observing, answers(50, 1))).toMatchObject({
      endpoint: { revision: 3, stable: { version: 1 }, rollout: undefined },
      outcomes: [
        { kind: "assigned", traffic: [{ version: 1, weightPercent: 100 }] },
        {
          kind: "rolled-back",
          analysis: { verdict: "failed", requests: 50, errors: 1 },
          rollout: { reason: "1 of 50 requests failed: an error share above 0.01" },
        },
      ],
    });
  });

  test("from step to step all traffic moves, and the last move completes it", () => {
    const second = ready(proceed(observing, answers(50, 0)).endpoint);
    const last = proceed(second, { ...answers(100, 1), now: after(60) });
    expect(last.outcomes).toMatchObject([
      { kind: "advanced", step: 2, weightPercent: 100 },
      { kind: "assigned", revision: 4, traffic: [{ version: 2, weightPercent: 100 }] },
    ]);
    const end = proceed(last.endpoint, view({ replicas: [replica("a", 4)] }));
    expect(end.outcomes).toMatchObject([{ kind: "completed" }]);
    expect(end.endpoint.stable?.version).toBe(2);
  });

  test("a step of 100 % keeps the version before loaded until the rollout is over", () => {
    const whole = { ...canary, steps: [{ weightPercent: 100, minRequests: 1, minSeconds: 0 }] };
    const observingAll = ready(promoted(serving(1), 2, whole));
    expect(proceed(observingAll, answers(1, 0)).outcomes).toMatchObject([
      { kind: "advanced", weightPercent: 100 },
      { kind: "assigned", traffic: [{ version: 2, weightPercent: 100 }] },
    ]);
  });
});

describe("the moment of the next look", () => {
  const loading = promoted(serving(1), 2);

  test("is the deadline of the replicas", () => {
    expect(nextLook(loading, view())).toEqual(after(60));
  });

  test("is when a replica that is waited for no longer counts as live, if that is earlier", () => {
    const replicas = [replica("a", 2, after(20)), replica("b", 1, after(5)), replica("c", 1, after(9))];
    expect(nextLook(loading, view({ replicas, now: after(10) }))).toEqual(after(35));
  });

  test("is never in the past", () => {
    expect(nextLook(loading, view({ now: after(60) }))).toBeUndefined();
  });

  test("is when a canary has been observed long enough, and never where only traffic is missing", () => {
    const steps = [{ weightPercent: 10, minRequests: 5, minSeconds: 90 }];
    const observing = ready(promoted(serving(1), 2, { ...canary, steps }));
    expect(nextLook(observing, view())).toEqual(after(90));
    expect(nextLook(observing, view({ now: after(90) }))).toBeUndefined();
  });

  test("does not exist where nothing is rolled out", () => {
    expect(nextLook(serving(1), view())).toBeUndefined();
  });
});
