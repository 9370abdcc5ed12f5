import { PipelineAppliedV1 } from "@cascade/contracts";
import { expect, test } from "vitest";
import { Demands, readDemands } from "./demands.ts";

test("demands that a newer build has kept are read without what this one does not know", () => {
  const { demands } = readDemands(PipelineAppliedV1.example);
  const newer = { ...demands, validation: { ...demands.validation, fieldOfANewerBuild: 1 }, another: 2 };
  expect(Demands.parse(newer)).toEqual(demands);
});
