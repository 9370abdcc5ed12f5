import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeSchedule } from "../make-schedule.ts";
import { runSchedule } from "../run-schedule.ts";
import { plantedBugs } from "./bugs.ts";

const run = promisify(execFile);
const plant = new URL("./plant.ts", import.meta.url).href;
const find = fileURLToPath(new URL("./find.ts", import.meta.url));
const seedsMax = 3000;

test("there are at least 25 bugs to plant, each with a name of its own", () => {
  expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  expect(plantedBugs.length).toBeGreaterThanOrEqual(25);
});

test.each(plantedBugs)(
  "the simulation notices a runtime that $name",
  { timeout: 180_000 },
  async ({ name, firstSeed = 1 }) => {
    const { stdout } = await run(process.execPath, ["--import", plant, find], {
      env: {
        PATH: process.env.PATH,
        PLANTED_BUG: name,
        FIRST_SEED: String(firstSeed),
        SEEDS: String(seedsMax),
      },
    });
    expect(stdout, `no violation in ${seedsMax} seeds`).toMatch(/^\d+$/);
    // The same world without the bug is as it has to be: the bug was noticed, and nothing else.
    const { violations } = await runSchedule(makeSchedule(Number(stdout)));
    expect(violations).toEqual([]);
  },
);
