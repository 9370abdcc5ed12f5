import { eventDefinitions, TrafficAssignedV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { after, canary, promoted, ready, serving, start, view } from "./fixtures.ts";
import { proceed } from "./proceed.ts";
import { promote } from "./promote.ts";
import { requestRollback } from "./request-rollback.ts";
import { tell } from "./tell.ts";

const [share] = TrafficAssignedV1.example.versions;
if (share === undefined) throw new Error("the sample has no version");
const servables = new Map([1, 2, 3].map((version) => [version, share.servable]));

test("everything that can happen is told by events that keep the contract", () => {
  const observing = ready(promoted(serving(1), 2, canary));
  const changes = [
    promote(observing, { version: 3, settings: canary, rolloutId: "rollout-3", now: after(1) }),
    proceed(observing, view({ answers: { requests: 50, errors: 0, latencyP99Ms: 3 } })),
    proceed(observing, view({ answers: { requests: 50, errors: 50 } })),
    requestRollback(observing, { by: "ada", reason: "x".repeat(9000), before: undefined, now: start }),
  ];
  const events = changes.flatMap((change) => {
    if ("ignored" in change) throw new Error(change.ignored);
    return tell("flights", change.outcomes, servables);
  });
  for (const { definition, data } of events) expect(definition.schema.safeParse(data).error).toBeUndefined();
  expect(new Set(events.map(({ type }) => type)).size).toBe(4);
  expect(eventDefinitions.filter(({ owner }) => owner === "deployment")).toHaveLength(5);
});

test("a version that was never promoted cannot be assigned", () => {
  const change = promote(serving(1), { version: 9, settings: canary, rolloutId: "rollout-9", now: start });
  if ("ignored" in change) throw new Error(change.ignored);
  expect(() => tell("flights", change.outcomes, servables)).toThrow("version 9 was never promoted");
});
