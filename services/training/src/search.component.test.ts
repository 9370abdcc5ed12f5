import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type DataOf,
  type TrainingRunCompletedV1,
  TrainingRunReproducedV1,
  TrainingRunReproductionFailedV1,
  TrainingRunReproductionRequestedV1,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Trial } from "./domain/search/trial.ts";
import { conversation, triggers } from "./testing/conversation.ts";
import { smallModel } from "./testing/small-model.ts";
import { openTrainingWorld, type TrainingWorld } from "./testing/training-world.ts";

let world: TrainingWorld;
const { completed, failed } = conversation(() => world.training);

beforeAll(async () => {
  world = await openTrainingWorld();
});

afterAll(() => world?.[Symbol.asyncDispose]());

/** A program that is best at x = 0.3, and says in a file of its folder that it has begun. */
const program = `
  import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
  const folder = process.env.CASCADE_TRAINER_DIRECTORY;
  const { parameters } = JSON.parse(readFileSync("request.json", "utf8"));
  const { x, fixed } = parameters;
  if (fixed !== "kept") process.exit(9);
  appendFileSync(folder + "/begun", x + "\\n");
  const tell = (step, loss) => appendFileSync("progress.jsonl", JSON.stringify({ step, metrics: { loss } }) + "\\n");
  const end = (auc) => {
    copyFileSync(folder + "/model.onnx", "model.onnx");
    writeFileSync("metrics.json", JSON.stringify({ metrics: { auc } }));
  };
`;
const space = { x: { min: 0, max: 1 } };

async function search(pipeline: string, code: string, changes: object) {
  const directory = await world.trainer(pipeline, program + code, { "model.onnx": smallModel() });
  await world.apply(pipeline, {
    trainer: { command: [process.execPath, "train.mjs"], directory },
    parameters: { fixed: "kept" },
    search: { method: "random", space, trials: 6, parallel: 1, ...changes },
    triggers: triggers({ newData: { minRows: 1 } }),
  });
  await world.materialize(pipeline, 100);
  return join(world.workDirectory, "..", directory);
}

const Report = z.object({ trials: z.array(Trial) });

async function trialsOf({ search }: DataOf<typeof TrainingRunCompletedV1>) {
  if (search === undefined) throw new Error("The run has searched for nothing.");
  const { trials } = await world.store.readJson(search.report, Report, { maxBytes: 1e6 });
  return trials.map(({ beganAt: _, durationMs: __, log: ___, ...trial }) => trial);
}

test("the best trial's model goes on; a search that was interrupted goes on, and ends as one that was not", async () => {
  const whole = `end(1 - (x - 0.3) ** 2);`;
  await search("whole", whole, { method: "tpe", trials: 12 });
  // The fifth program and later ones wait at a gate: by then some trials have ended.
  const gated = `
    const begun = readFileSync(folder + "/begun", "utf8").trim().split("\\n").length;
    while (begun > 4 && !existsSync(folder + "/open")) await new Promise((wake) => setTimeout(wake, 10));
    ${whole}`;
  const directory = await search("interrupted", gated, { method: "tpe", trials: 12, parallel: 2 });
  const begun = async () =>
    (await readFile(join(directory, "begun"), "utf8").catch(() => "")).trim().split("\n");
  await eventually(async () => (await begun()).length >= 6, { describe: "trials to wait at the gate" });
  await world.training.restart();
  await writeFile(join(directory, "open"), "");
  const { data } = await completed("interrupted");
  const trials = await trialsOf(data);
  expect(trials).toHaveLength(12);
  const counts = new Map<string, number>();
  for (const x of await begun()) counts.set(x, (counts.get(x) ?? 0) + 1);
  // What had ended was not done again; what was under way was.
  expect([...counts.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(2);
  expect(counts.size).toBe(12);

  const first = (await completed("whole")).data;
  const told = (list: typeof trials) => list.map(({ kept: _, ...trial }) => trial);
  expect(told(trials)).toEqual(told(await trialsOf(first)));
  const values = trials.map(({ value = 0 }) => value);
  const best = values.indexOf(Math.max(...values));
  expect(first.search).toMatchObject({ best, metric: "auc", goal: "maximize", endedBy: "trials" });
  expect(first.search?.trials).toEqual({ completed: 12, stopped: 0, failed: 0 });
  expect(first.parameters).toEqual({ fixed: "kept", x: trials[best]?.parameters.x });
  expect(first.metrics.auc).toBe(values[best]);
  expect(await world.store.has(first.candidate.model.digest)).toBe(true);
});

test("a trial that is worse than half of the others at the same step is ended, and its neighbours are not", async () => {
  const code = `
    for (let step = 1; step <= 8; step++) tell(step, Math.abs(x - 0.3));
    if (Math.abs(x - 0.3) > 0.45) setInterval(() => {}, 1000); else end(1 - Math.abs(x - 0.3));`;
  // The first programs end by their own account whatever they say: there is nothing yet to compare them with.
  const lenient = code.replace("> 0.45", "> 0.45 && begunBefore > 7");
  const counted = `const begunBefore = readFileSync(folder + "/begun", "utf8").trim().split("\\n").length;${lenient}`;
  const earlyStopping = { metric: "loss", afterSteps: 4 };
  await search("early", counted, { trials: 14, parallel: 2, earlyStopping });
  const { data } = await completed("early");
  const trials = await trialsOf(data);
  const stopped = trials.filter(({ outcome }) => outcome === "stopped");
  expect(stopped.length).toBeGreaterThan(2);
  expect(data.search?.trials).toEqual({ completed: 14 - stopped.length, stopped: stopped.length, failed: 0 });
  for (const { curve = [], number } of stopped) {
    expect(number).toBeGreaterThan(6);
    expect(curve.at(-1)?.[0]).toBe(4);
  }
});

test("a program that fails at every choice is not tried a hundred times", async () => {
  await search("hopeless", `console.log("no module named torch"); process.exit(3);`, { trials: 100 });
  const { data } = await failed("hopeless");
  expect(data.problem).toMatchObject({
    code: "SEARCH_WITHOUT_MODEL",
    message: expect.stringContaining("no module named torch"),
  });
  expect(data).toMatchObject({ search: { endedBy: "failures", trials: { failed: 4 } }, attempts: 1 });
  expect(data.logTail).toContain("no module named torch");
});

test("a search ends when its time is over, with the best it has, and a trial under way ends with it", async () => {
  const code = `if (existsSync(folder + "/first")) setInterval(() => {}, 1000); else { writeFileSync(folder + "/first", ""); end(0.5); }`;
  await search("timed", code, { timeSeconds: 5 });
  const { data } = await completed("timed");
  expect(data.search).toMatchObject({
    best: 0,
    endedBy: "time",
    trials: { completed: 1, stopped: 1, failed: 0 },
  });
});

test("a metric that the program does not write is named", async () => {
  await search("unmeasured", `end(0.5);`, { metric: "profit", goal: "maximize" });
  expect((await failed("unmeasured")).data.problem.message).toContain('no "profit"');
});

test("a run that was searched for is reproduced; one of which the program has changed is told what is not the same", async () => {
  await search("repeated", `end(0.5 + x / 4);`, { trials: 3 });
  const { data } = await completed("repeated");
  // The program writes beside itself, which is part of what it is.
  await rm(join(world.trainersDirectory, "repeated", "begun"));
  const ask = () =>
    world.training.publish(
      TrainingRunReproductionRequestedV1.create("repeated", { runId: data.runId, by: "ada" }),
    );
  const first = await ask();
  const { data: same } = await world.training.nextEvent(
    TrainingRunReproducedV1,
    ({ causationId }) => causationId === first,
  );
  expect(same).toMatchObject({
    modelDigest: data.candidate.model.digest,
    codeDigest: data.codeDigest,
    metrics: data.metrics,
  });
  await writeFile(join(world.trainersDirectory, "repeated", "train.mjs"), `${program} end(0.25);`);
  const second = await ask();
  const { data: other } = await world.training.nextEvent(
    TrainingRunReproductionFailedV1,
    ({ causationId }) => causationId === second,
  );
  expect(other.problem.code).toBe("NOT_REPRODUCED");
  expect(other.differences).toContain(`auc is 0.25 and was ${data.metrics.auc}`);
  expect(other.differences).toHaveLength(2);
});
