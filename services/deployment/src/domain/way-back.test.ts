import { describe, expect, test } from "vitest";
import { newEndpoint } from "./endpoint.ts";
import { failReplica } from "./fail-replica.ts";
import { after, canary, promoted, ready, serving, start } from "./fixtures.ts";
import { requestRollback } from "./request-rollback.ts";
import { staleness } from "./staleness.ts";

const problem = { code: "MODEL_INVALID", message: "the model has no output" };
const failure = (version: number) => ({ replica: "a", version, problem });

describe("a replica that cannot load", () => {
  test.each(["loading", "observing"])("the new version ends its rollout while %s", (status) => {
    const loading = promoted(serving(1), 2, canary);
    const endpoint = status === "loading" ? loading : ready(loading);
    expect(failReplica(endpoint, failure(2), after(1))).toMatchObject({
      endpoint: { stable: { version: 1 }, rollout: undefined, revision: 3 },
      outcomes: [
        { kind: "assigned", traffic: [{ version: 1, weightPercent: 100 }] },
        {
          kind: "rolled-back",
          rollout: { reason: "a could not load it: the model has no output (MODEL_INVALID)" },
        },
      ],
    });
  });

  test("the version before changes nothing: that is no fault of the new one", () => {
    const endpoint = promoted(serving(1), 2, canary);
    expect(failReplica(endpoint, failure(1), start)).toEqual({ endpoint, outcomes: [] });
  });

  test("what has been rolled out long ago changes nothing", () => {
    const endpoint = serving(1);
    expect(failReplica(endpoint, failure(1), start)).toEqual({ endpoint, outcomes: [] });
  });
});

describe("a rollback that a person asks for", () => {
  const wish = { by: "ada", reason: "complaints", before: undefined, now: after(9) };

  test("gives up the rollout in progress", () => {
    expect(requestRollback(promoted(serving(1), 2, canary), wish)).toMatchObject({
      endpoint: { stable: { version: 1 }, rollout: undefined },
      outcomes: [
        { kind: "assigned" },
        { kind: "rolled-back", rollout: { reason: "requested by ada: complaints" } },
      ],
    });
  });

  test("undoes the last completed rollout", () => {
    const first = serving(1);
    const second = ready(promoted(first, 2));
    expect(requestRollback(second, { ...wish, before: first.stable })).toMatchObject({
      endpoint: { revision: 3, stable: { version: 1 }, newestPromoted: 2 },
      outcomes: [
        { kind: "assigned", revision: 3, traffic: [{ version: 1, weightPercent: 100 }] },
        { kind: "rolled-back", rollout: { plan: { version: 2, previousVersion: 1 } } },
      ],
    });
  });

  test.each([newEndpoint("flights"), serving(1)])("has nothing to return to", (endpoint) => {
    expect(requestRollback(endpoint, wish)).toEqual({ ignored: "NO_VERSION_BEFORE" });
  });
});

describe("what a replica says of a revision", () => {
  test.each([
    [newEndpoint("flights"), 1, "NOTHING_ASSIGNED_YET"],
    [serving(1), 1, undefined],
    [ready(promoted(serving(1), 2)), 1, "REVISION_IS_OLD"],
    [serving(1), 2, "REVISION_UNKNOWN"],
  ])("counts only for the present one", (endpoint, revision, expected) => {
    expect(staleness(endpoint, revision)).toBe(expected);
  });
});
