import { execFile } from "node:child_process";
import { link, mkdir, open, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { maxEventBytes, TrainingRunCompletedV1 } from "@cascade/contracts";
import { type ModelSandbox, openModelSandbox } from "@cascade/onnx";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResults } from "../../../../services/training/src/adapters/read-results.ts";
import { features } from "./plain-features.ts";
import { smallModel } from "./small-model.ts";
import { type Leftover, type TrainerOutput, trainerOutputs } from "./trainer-outputs.ts";

let sandbox: ModelSandbox;
beforeAll(() => {
  sandbox = openModelSandbox({ processes: 1, memoryLimitMiB: 700, timeoutMs: 30_000 });
});
afterAll(() => sandbox?.close());

const healthy: TrainerOutput = {
  "model.onnx": { file: smallModel() },
  "metrics.json": { file: '{"metrics":{"auc":0.7}}' },
};

async function leave(path: string, leftover: Leftover): Promise<void> {
  if ("file" in leftover) await writeFile(path, leftover.file);
  else if ("link" in leftover) await symlink(leftover.link === "." ? path : leftover.link, path);
  else if ("folder" in leftover) await mkdir(path);
  else if ("pipe" in leftover) await promisify(execFile)("mkfifo", [path]);
  else if ("hardLink" in leftover) {
    await writeFile(`${path}.other`, path.endsWith(".onnx") ? smallModel() : "{}");
    await link(`${path}.other`, path);
  } else if ("zeros" in leftover) {
    // A file with a hole: all of its size, none of its blocks.
    const handle = await open(path, "w");
    await handle.truncate(leftover.zeros);
    await handle.close();
  } else await rm(path, { force: true });
}

async function resultsOf(output: TrainerOutput) {
  await using folder = await temporaryDirectory();
  await writeFile(join(folder.path, "request.json"), "{}");
  for (const [name, leftover] of Object.entries({ ...healthy, ...output }))
    await leave(join(folder.path, name), leftover);
  return await readResults({
    folder: folder.path,
    task: "binary",
    features: [...features],
    sandbox,
    limits: { modelBytes: 512 << 20, metricsBytes: 1 << 20, samplesBytes: 4 << 20 },
    signal: AbortSignal.timeout(30_000),
  });
}

/** Whether Postgres takes it as JSON and the broker as an event. */
function expectTellable(value: object): void {
  const json = JSON.stringify(value);
  expect(json).not.toMatch(/\\u0000|\\ud[89a-f]/);
  expect(Buffer.byteLength(json)).toBeLessThan(maxEventBytes / 2);
}

test.each(trainerOutputs.map((entry) => [entry.name, entry] as const))("%s", async (_, { input, wanted }) => {
  const results = await resultsOf(input);
  if ("metrics" in wanted) {
    expect(results).toHaveProperty("metrics");
    if (!("metrics" in results)) return;
    expect({ ...results.metrics }).toEqual(wanted.metrics);
    expectTellable(results.metrics);
    TrainingRunCompletedV1.create("hostile", { ...TrainingRunCompletedV1.example, metrics: results.metrics });
    return;
  }
  if (!("problem" in results)) throw new Error("The results were taken.", { cause: results });
  const { problem } = results;
  expect(problem.code).toBe(wanted.problem);
  if (wanted.message) expect(problem.message).toMatch(wanted.message);
  expect(problem.message.length).toBeLessThanOrEqual(8000);
  expect(problem.message).not.toMatch(/root:|PATH=/);
  expectTellable(problem);
});

test("healthy results are taken after all of them", async () => {
  expect(await resultsOf({})).toMatchObject({ metrics: { auc: 0.7 }, classes: ["0", "1"] });
  expect(Object.getOwnPropertyNames({})).toEqual([]);
});
