import { randomFrom } from "@cascade/testing/random";
import { expect, test } from "vitest";
import { faultKinds } from "./kinds.ts";
import { planFaults } from "./plan-faults.ts";

const replicas = ["ingestion-1", "registry-1", "registry-2", "serving-1"];

const plan = (seed: number, faults: number) =>
  planFaults({ random: randomFrom(seed), faults, stormMs: 20_000, kinds: faultKinds, replicas });

test("the same seed gives the same faults, another one gives others", () => {
  expect(plan(7, 8)).toEqual(plan(7, 8));
  expect(plan(7, 8)).not.toEqual(plan(8, 8));
});

test("every kind comes before any comes again", () => {
  const kinds = plan(3, faultKinds.length * 2).map(({ kind }) => kind);
  expect(new Set(kinds.slice(0, faultKinds.length)).size).toBe(faultKinds.length);
});

test("crash points are set only where they are passed", () => {
  const crashes = plan(5, 400).filter(({ kind }) => kind === "crash-point");
  expect(crashes.length).toBeGreaterThan(10);
  expect(crashes.every(({ replica }) => !replica.startsWith("serving"))).toBe(true);
});
