import { readFileSync } from "node:fs";
import { maxEventBytes, TrainingRunFailedV1 } from "@cascade/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTrainerRuns, type TrainerRuns } from "./open-trainer-runs.ts";
import { type HostileProgram, trainerPrograms } from "./trainer-programs.ts";

let runs: TrainerRuns;
beforeAll(async () => {
  process.env.HOSTILE_TEST_SECRET = "lovelace";
  runs = await openTrainerRuns();
});
afterAll(async () => {
  delete process.env.HOSTILE_TEST_SECRET;
  await runs?.[Symbol.asyncDispose]();
});

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

async function expectAnswer({ input, wanted }: HostileProgram): Promise<void> {
  const { result, log, pids } = await runs.run(input);
  const told = JSON.stringify(result) + log;
  if (result.outcome === "completed") {
    expect({ code: "COMPLETED", metrics: result.metrics }).toEqual({
      code: wanted.code,
      metrics: { auc: 0.7 },
    });
  } else {
    expect(result.problem.code).toBe(wanted.code);
    if (wanted.message) expect(result.problem.message).toMatch(wanted.message);
    const { problem, logTail } = result;
    // What is said of it must be an event, and a row of a database.
    TrainingRunFailedV1.create("hostile", { ...TrainingRunFailedV1.example, problem, logTail });
    expect(JSON.stringify(result)).not.toMatch(/\\u0000|\\ud[89a-f]/);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(maxEventBytes / 2);
  }
  if (wanted.log) expect(log).toMatch(wanted.log);
  if (wanted.logWithout) expect(told).not.toMatch(wanted.logWithout);
  expect(log).not.toContain("\0");
  expect(pids.filter(isRunning)).toEqual([]);
}

describe.concurrent("training programs", () => {
  test.each(trainerPrograms.map((entry) => [entry.name, entry] as const))("%s", (_, entry) =>
    expectAnswer(entry),
  );
});

test("a healthy program completes after all of them, and nothing is left of the others", async () => {
  const script = `cp "$CASCADE_TRAINER_DIRECTORY/model.onnx" .; echo '{"metrics":{"auc":0.7}}' > metrics.json`;
  expect((await runs.run({ script })).result).toMatchObject({ outcome: "completed", metrics: { auc: 0.7 } });
  expect(await runs.leftovers()).toEqual([]);
});
