import { PipelineAppliedV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { MonitoringPolicy, monitoringPolicy } from "./monitoring-policy.ts";

test("a policy that a newer build has kept is read without what this one does not know", () => {
  const kept = monitoringPolicy(PipelineAppliedV1.example);
  const newer = { ...kept, monitoring: { ...kept.monitoring, fieldOfANewerBuild: 1 }, another: 2 };
  expect(MonitoringPolicy.parse(newer)).toEqual(kept);
});
