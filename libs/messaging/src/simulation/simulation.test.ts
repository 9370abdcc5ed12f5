import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { makeSchedule } from "./make-schedule.ts";
import { runSchedule } from "./run-schedule.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";

test("2,000 simulated worlds lose nothing and double nothing, whatever fails in them", {
  timeout: 300_000,
}, async () => {
  const totals = await simulate({ from: 1, count: 2000, failuresMax: 5 }, availableParallelism());
  expect(totals.failedSeeds, "see one with: npm run chaos:sim -- --seed SEED --seeds 1").toEqual([]);
  expect(totals.schedules).toBe(2000);
  // A fault that never comes to pass would prove nothing.
  expect(Object.keys(totals.happened).sort()).toEqual([
    "amnesia",
    "arrive",
    "broker-outage",
    "database-outage",
    "delay-delivery",
    "delete-durable",
    "delete-stream",
    "duplicate-delivery",
    "fail-statement",
    "freeze",
    "kill",
    "lose-ack",
    "lose-commit-answer",
    "lose-publish",
    "stop",
  ]);
});

test.each([3, 17, 42, 2718])("seed %i goes the same way every time", async (seed) => {
  const first = await runSchedule(makeSchedule(seed));
  const second = await runSchedule(makeSchedule(seed));
  expect(second).toEqual(first);
});

test("a failing list is shrunk to what it takes to fail", async () => {
  const tried: number[][] = [];
  const needed = await shrink([1, 2, 3, 4, 5, 6, 7, 8], async (items) => {
    tried.push([...items]);
    return items.includes(3) && items.includes(7);
  });
  expect(needed).toEqual([3, 7]);
  expect(tried.length).toBeLessThan(30);
});
