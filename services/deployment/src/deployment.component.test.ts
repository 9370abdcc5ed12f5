import {
  type AnyEventDefinition,
  DeadLetterRecordedV1,
  type EventDefinition,
  RolloutAdvancedV1,
  RolloutCompletedV1,
  RolloutRolledBackV1,
  RolloutStartedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { eventually } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { get, play } from "./deployment-fixtures.ts";
import { service } from "./service.ts";

let deployment: ServiceUnderTest;
beforeAll(async () => {
  deployment = await startForTest(service, {
    CASCADE_PAGE_SIZE_MAX: "60",
    CASCADE_RETRY_BASE_MS: "10",
    CASCADE_REPLICA_LIVE_MS: "1500",
  });
});
afterAll(() => deployment[Symbol.asyncDispose]());

const canary = {
  strategy: "canary" as const,
  steps: [{ weightPercent: 20, minRequests: 20, minSeconds: 0 }],
};

/** The first event of a kind that speaks of a version of a pipeline. */
const told = <Data extends { version: number }>(
  pipeline: string,
  definition: EventDefinition<Data> & AnyEventDefinition,
  version: number,
) =>
  deployment.nextEvent<Data>(
    definition,
    (event) => event.pipeline === pipeline && event.data.version === version,
  );

/** A pipeline on which version 1 has all traffic at revision 1. */
async function serving(pipeline: string, settings: Parameters<ReturnType<typeof play>["apply"]>[0] = {}) {
  const cast = play(deployment, pipeline);
  await cast.apply(settings);
  await cast.promote(1);
  await cast.assigned(1);
  await cast.ready(1);
  await told(pipeline, RolloutCompletedV1, 1);
  return cast;
}

/** Waits until the deployment has heard of a replica. */
const known = (pipeline: string, replica: string, readyRevision: number) =>
  eventually(
    async () => {
      const { body } = await get(deployment, `/v1/endpoints/${pipeline}`);
      const { replicas } = Endpoint.parse(body);
      return replicas.some((seen) => seen.replica === replica && seen.readyRevision === readyRevision);
    },
    { describe: `${replica} to be ready by revision ${readyRevision}` },
  );

const Endpoint = z.object({
  replicas: z.array(z.object({ replica: z.string(), readyRevision: z.number() })),
});

describe("a direct rollout", () => {
  test("assigns all traffic, waits for every live replica, and is complete", async () => {
    const cast = play(deployment, "direct");
    await cast.apply();
    const cause = await cast.promote(1);
    const assigned = await cast.assigned(1);
    expect(assigned.causationId).toBe(cause);
    expect(assigned.data.versions).toMatchObject([
      { version: 1, weightPercent: 100, servable: { task: "binary" } },
    ]);
    await cast.ready(1);
    const completed = await told("direct", RolloutCompletedV1, 1);
    expect(completed.data.replicas).toEqual(["serving-1"]);
    expect(cast.told()).toEqual(["rollout.started", "traffic.assigned", "rollout.completed"]);
  });

  test("waits for a second replica that still serves the revision before", async () => {
    const cast = await serving("two");
    await cast.promote(2);
    await cast.assigned(2);
    await cast.report(1, 1, { replica: "serving-2" });
    await known("two", "serving-2", 0);
    await cast.ready(2);
    await known("two", "serving-1", 2);
    expect(cast.told().at(-1)).toBe("traffic.assigned");
    await cast.ready(2, "serving-2");
    expect((await told("two", RolloutCompletedV1, 2)).data.replicas).toEqual(["serving-1", "serving-2"]);
  });

  test("does not wait for a replica that is not heard of any more", async () => {
    const cast = await serving("gone");
    await cast.ready(1, "serving-2");
    await known("gone", "serving-2", 1);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    await known("gone", "serving-1", 2);
    expect(cast.told().at(-1)).toBe("traffic.assigned");
    expect((await told("gone", RolloutCompletedV1, 2)).data.replicas).toEqual(["serving-1"]);
  });

  test("is rolled back when a replica cannot load the version", async () => {
    const cast = await serving("failing");
    await cast.promote(2);
    await cast.assigned(2);
    await cast.fail(2, 2);
    const back = await told("failing", RolloutRolledBackV1, 2);
    expect(back.data).toMatchObject({
      previousVersion: 1,
      reason: expect.stringContaining("ARTIFACT_DIGEST_MISMATCH"),
    });
    expect((await cast.assigned(3)).data.versions).toMatchObject([{ version: 1, weightPercent: 100 }]);
    // The registry follows with a promotion of the version that serves again: nothing is left to do.
    await cast.promote(1, "rollback");
    await cast.promote(3);
    expect((await cast.assigned(4)).data.versions).toMatchObject([{ version: 3 }]);
  });

  test("is rolled back when a live replica does not become ready in time", async () => {
    const cast = await serving("slow", { replicaTimeoutSeconds: 0.4 });
    await cast.promote(2);
    const back = await told("slow", RolloutRolledBackV1, 2);
    expect(back.data.reason).toBe("not ready within 0.4 s: serving-1");
  });

  test("waits on where no replica lives at all, and is complete when one comes up", async () => {
    const cast = play(deployment, "empty");
    await cast.apply({ replicaTimeoutSeconds: 0.05 });
    await cast.promote(1);
    await cast.assigned(1);
    // A rollout whose limit ends later: when it is given up, the first one's limit has been looked at.
    const witness = await serving("witness", { replicaTimeoutSeconds: 0.3 });
    await witness.promote(2);
    await told("witness", RolloutRolledBackV1, 2);
    expect(cast.told()).toEqual(["rollout.started", "traffic.assigned"]);
    await cast.ready(1);
    await told("empty", RolloutCompletedV1, 1);
  });
});

describe("a canary", () => {
  test("goes by its steps to all traffic", async () => {
    const cast = await serving("canary", canary);
    await cast.promote(2);
    const started = await told("canary", RolloutStartedV1, 2);
    expect(started.data).toMatchObject({ strategy: "canary", previousVersion: 1, steps: canary.steps });
    expect((await cast.assigned(2)).data.versions).toMatchObject([
      { version: 1, weightPercent: 80 },
      { version: 2, weightPercent: 20 },
    ]);
    await cast.ready(2);
    await cast.report(2, 1, { requests: 100, errors: 100 });
    await cast.report(1, 2, { requests: 100, errors: 100 });
    await cast.report(2, 2, { requests: 10 });
    await cast.report(2, 2, { requests: 10, latencyP99Ms: 7 });
    const advanced = await told("canary", RolloutAdvancedV1, 2);
    expect(advanced.data).toMatchObject({
      step: 1,
      weightPercent: 100,
      analysis: { verdict: "passed", requests: 20, errors: 0, latencyP99Ms: 7 },
    });
    expect((await cast.assigned(3)).data.versions).toMatchObject([{ version: 2, weightPercent: 100 }]);
    await cast.ready(3);
    await told("canary", RolloutCompletedV1, 2);
  });

  test("with too many errors returns the traffic", async () => {
    const cast = await serving("errors", canary);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    await cast.report(2, 2, { requests: 5, errors: 2 });
    const back = await told("errors", RolloutRolledBackV1, 2);
    expect(back.data.analysis).toMatchObject({ verdict: "failed", requests: 5, errors: 2 });
    expect((await cast.assigned(3)).data.versions).toMatchObject([{ version: 1, weightPercent: 100 }]);
  });

  test("one slow replica fails it, one slow request does not", async () => {
    const analysis = { maxErrorShare: 0.01, maxLatencyP99Ms: 20 };
    const cast = await serving("latency", { ...canary, analysis });
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    await cast.report(2, 2, { requests: 1, latencyP99Ms: 900 });
    await cast.report(2, 2, { requests: 39, latencyP99Ms: 5 });
    expect((await told("latency", RolloutAdvancedV1, 2)).data.analysis.latencyP99Ms).toBe(5);

    await cast.ready(3);
    await told("latency", RolloutCompletedV1, 2);
    await cast.promote(3);
    await cast.assigned(4);
    await cast.ready(4);
    await cast.report(4, 3, { requests: 15, latencyP99Ms: 5 });
    await cast.report(4, 3, { requests: 5, latencyP99Ms: 900 });
    const back = await told("latency", RolloutRolledBackV1, 3);
    expect(back.data.reason).toBe("the 99th percentile of the latency is 900 ms: above 20 ms");
  });

  test("that predicts worse than expected on enough labels returns the traffic", async () => {
    const cast = await serving("quality", canary);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    await cast.measure(1, 0.1);
    await cast.measure(2, 0.6);
    const back = await told("quality", RolloutRolledBackV1, 2);
    expect(back.data.reason).toBe("auc is 0.1 worse than expected on 100 labels: more than 0.05");
  });

  test("moves on by the clock where it waits for nothing else", async () => {
    const steps = [{ weightPercent: 50, minRequests: 0, minSeconds: 0.3 }];
    const cast = await serving("clock", { ...canary, steps });
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    expect((await told("clock", RolloutAdvancedV1, 2)).data.analysis.requests).toBe(0);
  });

  test("is superseded by a newer promotion, which starts from what served before both", async () => {
    const cast = await serving("superseded", canary);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.promote(3);
    const ended = await told("superseded", RolloutRolledBackV1, 2);
    expect(ended.data).toMatchObject({ previousVersion: 1, reason: "superseded by version 3" });
    expect((await cast.assigned(3)).data.versions).toMatchObject([
      { version: 1, weightPercent: 80 },
      { version: 3, weightPercent: 20 },
    ]);
    // Old news of the rollout that is over, and of the version that was overtaken.
    await cast.fail(2, 2);
    await cast.promote(2);
    await cast.ready(3);
    await cast.report(3, 3, { requests: 20 });
    await told("superseded", RolloutAdvancedV1, 3);
    expect(cast.told().filter((type) => type === "rollout.started")).toHaveLength(3);
  });
});

describe("a rollback that a person asks for", () => {
  test("gives up the rollout in progress", async () => {
    const cast = await serving("stop", canary);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.rollBack();
    expect((await told("stop", RolloutRolledBackV1, 2)).data.reason).toBe("requested by ada: complaints");
    expect((await cast.assigned(3)).data.versions).toMatchObject([{ version: 1, weightPercent: 100 }]);
  });

  test("undoes the last rollout, and then there is nothing to return to", async () => {
    const cast = await serving("undo");
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    await told("undo", RolloutCompletedV1, 2);
    await cast.rollBack();
    expect((await told("undo", RolloutRolledBackV1, 2)).data).toMatchObject({ previousVersion: 1 });
    expect((await cast.assigned(3)).data.versions).toMatchObject([{ version: 1, weightPercent: 100 }]);
    await cast.rollBack("again");
    await cast.promote(3);
    expect((await cast.assigned(4)).data.versions).toMatchObject([{ version: 3 }]);
  });
});

test("a promotion that comes before its pipeline is tried again, and set aside with what to do if it never comes", async () => {
  const cast = play(deployment, "late");
  await cast.promote(1);
  const letter = await deployment.nextEvent(DeadLetterRecordedV1, (event) => event.pipeline === "late");
  expect(letter.data).toMatchObject({ reason: "attempts-exhausted", error: { code: "PIPELINE_UNKNOWN" } });
});

test("an older version of a pipeline that arrives late changes nothing", async () => {
  const cast = play(deployment, "order");
  await cast.apply(canary, 2);
  await cast.apply({}, 1);
  await cast.promote(1);
  await cast.assigned(1);
  await cast.ready(1);
  await told("order", RolloutCompletedV1, 1);
  await cast.promote(2);
  expect((await told("order", RolloutStartedV1, 2)).data.strategy).toBe("canary");
});

test("a restart in the middle of a canary goes on with it", async () => {
  const steps = [{ weightPercent: 20, minRequests: 20, minSeconds: 0.5 }];
  const cast = await serving("restart", { ...canary, steps });
  await cast.promote(2);
  await cast.assigned(2);
  await cast.ready(2);
  await cast.report(2, 2, { requests: 20 });
  await deployment.restart();
  await cast.assigned(3);
  expect(cast.told().slice(3)).toEqual([
    "rollout.started",
    "traffic.assigned",
    "rollout.advanced",
    "traffic.assigned",
  ]);
});

describe("the read side", () => {
  test("tells what serves now, and what served when", async () => {
    const cast = await serving("read", canary);
    await cast.promote(2);
    await cast.assigned(2);
    await cast.ready(2);
    const endpoint = await eventually(
      async () => {
        const { body } = await get(deployment, "/v1/endpoints/read");
        return JSON.stringify(body).includes("observing") && body;
      },
      { describe: "the canary to be observed" },
    );
    expect(endpoint).toMatchObject({
      pipeline: "read",
      revision: 2,
      stableVersion: 1,
      traffic: [
        { version: 1, weightPercent: 80 },
        { version: 2, weightPercent: 20 },
      ],
      rollout: { version: 2, previousVersion: 1, step: 0, strategy: "canary" },
      replicas: [{ replica: "serving-1", live: true, readyRevision: 2 }],
    });
    const history = await get(deployment, "/v1/endpoints/read/history");
    expect(history.body).toMatchObject({
      assignments: [
        { revision: 2, replacedAt: null, rolloutVersion: 2, reason: "version 2 was promoted" },
        { revision: 1, replacedAt: expect.any(String), rolloutStatus: "completed" },
      ],
    });
    const list = await get(deployment, "/v1/endpoints?after=reac&limit=1");
    expect(list.body).toMatchObject({ endpoints: [{ pipeline: "read" }] });
  });

  test.each([
    ["/v1/endpoints/nobody", 404, "ENDPOINT_UNKNOWN"],
    ["/v1/endpoints/NO%20NAME/history", 404, "ENDPOINT_UNKNOWN"],
    ["/v1/endpoints?limit=61", 400, "REQUEST_INVALID"],
    ["/v1/endpoints?limit=0", 400, "REQUEST_INVALID"],
  ])("%s is answered with %i %s", async (path, status, code) => {
    expect(await get(deployment, path)).toMatchObject({ status, body: { status, code } });
  });
});
