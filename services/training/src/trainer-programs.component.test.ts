import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  FeatureViewMaterializedV1,
  TrainingRunCancellationRefusedV1,
  TrainingRunCancellationRequestedV1,
  TrainingRunCancelledV1,
  TrainingRunRequestedV1,
  TrainingRunStartedV1,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conversation, linear, triggers } from "./testing/conversation.ts";
import { smallModel } from "./testing/small-model.ts";
import { openTrainingWorld, type TrainingWorld } from "./testing/training-world.ts";

let world: TrainingWorld;
const { completed, drift, failed, request, suppressed } = conversation(() => world.training);

beforeAll(async () => {
  world = await openTrainingWorld({
    CASCADE_TRAINER_ENVIRONMENT: JSON.stringify({ HUB_TOKEN: "hunter2-hunter2", GREETING: "hello" }),
    CASCADE_TRAINER_KILL_GRACE_MS: "200",
    CASCADE_CANCELLATION_LOOK_INTERVAL_MS: "50",
    CASCADE_RUNS_MAX: "2",
  });
});

afterAll(() => world?.[Symbol.asyncDispose]());

/** A training program that is ours and does what its name says. */
const goodEnd = `
  import { copyFileSync, writeFileSync, readFileSync } from "node:fs";
  const request = JSON.parse(readFileSync("request.json", "utf8"));
  if (readFileSync("train.parquet").length === 0 || request.columns.length !== 3) process.exit(3);
  copyFileSync(process.env.CASCADE_TRAINER_DIRECTORY + "/model.onnx", "model.onnx");
  writeFileSync("metrics.json", JSON.stringify({ metrics: { auc: 0.7 } }));
`;

async function runProgram(pipeline: string, code: string, training: object = {}, model = smallModel()) {
  const directory = await world.trainer(pipeline, code, { "model.onnx": model });
  await world.apply(pipeline, {
    trainer: { command: [process.execPath, "train.mjs"], directory },
    triggers: triggers({ newData: { minRows: 1 } }),
    ...training,
  });
  await world.materialize(pipeline, 100);
}

describe("a program of one's own", () => {
  test("is started in the working folder, with its files beside it, and gives a candidate", async () => {
    await runProgram("own", goodEnd, {}, smallModel({ classes: ["on time", "late"] }));
    const { data } = await completed("own");
    expect(data).toMatchObject({ metrics: { auc: 0.7 }, candidate: { classes: ["on time", "late"] } });
    expect(data.samplePredictions).toBeUndefined();
    await eventually(async () => (await readdir(world.workDirectory)).length === 0, {
      describe: "the working folders to be removed",
    });
  });

  test("of an image is not run where no cluster is known", async () => {
    await world.apply("imaged", {
      trainer: { command: ["python3", "train.py"], image: "registry.example/trainer:1" },
      triggers: triggers({ newData: { minRows: 1 } }),
    });
    await world.materialize("imaged", 100);
    const { data } = await failed("imaged");
    expect(data.problem).toMatchObject({
      code: "TRAINER_NOT_FOUND",
      message: expect.stringContaining("CASCADE_KUBERNETES_CLAIM"),
    });
  });

  test("gets only the variables that are listed, and no secret reaches its log", async () => {
    const code = `console.log(process.env.GREETING, process.env.HUB_TOKEN, process.env.CASCADE_POSTGRES_URL);
      console.error("postgres://ada:lovelace@db/x"); process.exit(7);`;
    await runProgram("talkative", code);
    const { data } = await failed("talkative");
    expect(data.problem).toMatchObject({
      code: "TRAINER_FAILED",
      message: expect.stringContaining("exit code 7"),
    });
    expect(data.logTail).toContain("hello [redacted] undefined");
    expect(data.logTail).toContain("postgres://[redacted]@db/x");
    const log = data.log === undefined ? undefined : await world.store.readBytes(data.log, { maxBytes: 1e6 });
    expect(Buffer.from(log ?? []).toString()).not.toContain("hunter2");
  });

  test("that fails is not tried again, and gives its rows back to the next run", async () => {
    await runProgram("failing", "process.exit(1)");
    expect((await failed("failing")).data.attempts).toBe(1);
    await drift("failing");
    const { data } = await world.training.nextEvent(
      TrainingRunRequestedV1,
      (event) => event.pipeline === "failing" && event.data.trigger.kind === "drift",
    );
    expect(data.newRows).toBe(100);
  });

  const write = (name: string, text: string) =>
    `${goodEnd}; writeFileSync("${name}", ${JSON.stringify(text)});`;
  test.each([
    ["no-model", "MODEL_MISSING", `process.exit(0)`],
    ["no-onnx", "MODEL_UNREADABLE", write("model.onnx", "weights: 1, 2, 3")],
    ["no-metrics", "METRICS_INVALID", `${goodEnd}; (await import("node:fs")).rmSync("metrics.json");`],
    ["nan-metrics", "METRICS_INVALID", write("metrics.json", '{"metrics": {"auc": NaN}}')],
    ["huge-metrics", "METRICS_INVALID", write("metrics.json", '{"metrics": {"auc": 1e999}}')],
    [
      "bad-samples",
      "SAMPLE_PREDICTIONS_INVALID",
      write("sample_predictions.json", '{"rows": [{}], "predictions": []}'),
    ],
    [
      "link",
      "MODEL_MISSING",
      `${goodEnd}; const fs = await import("node:fs"); fs.rmSync("model.onnx"); fs.mkdirSync("model.onnx");`,
    ],
  ])("%s: %s", async (pipeline, code, program) => {
    await runProgram(pipeline, program);
    const { data } = await failed(pipeline);
    expect(data.problem.code).toBe(code);
    expect(data.problem.whatToDo).not.toBe("");
  });

  test("whose model has another input than the request is told which one", async () => {
    await runProgram(
      "contract",
      goodEnd,
      {},
      smallModel({ inputs: { origin: "float", distance: undefined } }),
    );
    const { problem } = (await failed("contract")).data;
    expect(problem.code).toBe("MODEL_CONTRACT");
    expect(problem.message).toContain('input "origin" is float, but the column is a category');
    expect(problem.message).toContain('input "distance" (float) is missing');
  });

  test("that has another name than its directory knows is named, with the directory", async () => {
    const directory = await world.trainer("misnamed", goodEnd);
    await world.apply("misnamed", { trainer: { command: [process.execPath, "trian.mjs"], directory } });
    await world.materialize("misnamed", 100);
    const { problem } = (await failed("misnamed")).data;
    expect(problem).toMatchObject({
      code: "TRAINER_NOT_FOUND",
      message: expect.stringMatching(/^There is no trian\.mjs in the trainer's directory .*misnamed\.$/),
    });
  });

  test("that is not there is named", async () => {
    await world.apply("absent", { trainer: { command: ["no-such-program"] } });
    await world.materialize("absent", 100);
    const { problem } = (await failed("absent")).data;
    expect(problem).toMatchObject({
      code: "TRAINER_NOT_FOUND",
      message: expect.stringContaining("no-such-program"),
    });
  });

  test("that hangs and ignores being asked is stopped at its limit", async () => {
    const code = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`;
    await runProgram("hanging", code, { timeoutSeconds: 0.5 });
    expect((await failed("hanging")).data.problem.code).toBe("TRAINER_TIMED_OUT");
  });

  test("that eats memory is stopped at its limit", async () => {
    const code = `const kept = []; setInterval(() => kept.push(Buffer.alloc(32 * 1024 * 1024, 1)), 5);`;
    await runProgram("eating", code, { memoryMiB: 200 });
    expect((await failed("eating")).data.problem.code).toBe("TRAINER_OUT_OF_MEMORY");
  });
});

test("a training set that is lost ends the run with the store's own code", async () => {
  await world.apply("lost", linear);
  const lost = {
    ...world.trainingSet,
    train: { ...world.trainingSet.train, digest: `sha256:${"0".repeat(64)}` },
  };
  const data = { snapshotId: "lost", trainingSet: lost, newRows: 1, totalRows: 1 };
  await world.training.publish(FeatureViewMaterializedV1.create("lost", data));
  expect((await failed("lost")).data).toMatchObject({ problem: { code: "ARTIFACT_MISSING" }, attempts: 3 });
});

test("while a run is in progress the newest wish waits, and a stopped service begins the run again", async () => {
  const gate = join(world.workDirectory, "..", "gate");
  const code = `
    import { existsSync } from "node:fs";
    while (!existsSync(${JSON.stringify(gate)})) await new Promise((wake) => setTimeout(wake, 20));
    ${goodEnd}`;
  await runProgram("slow", code);
  const runId = await world.runOf("slow", "new-data");
  await world.training.nextEvent(TrainingRunStartedV1, (event) => event.data.runId === runId);
  await world.materialize("slow", 10);
  await suppressed("slow", "RUN_IN_PROGRESS");
  await request("slow");
  expect((await suppressed("slow", "SUPERSEDED")).data.trigger.kind).toBe("new-data");
  await world.training.restart();
  await eventually(
    () =>
      world.training.seen().filter(({ envelope, data }) => {
        const ofRun = typeof data === "object" && data !== null && "runId" in data && data.runId === runId;
        return ofRun && envelope.type === TrainingRunStartedV1.type;
      }).length === 2,
    { describe: "the run to be started again" },
  );
  await writeFile(gate, "");
  expect((await completed("slow", "new-data")).data.runId).toBe(runId);
  expect((await completed("slow", "request")).data.trigger.kind).toBe("request");
});

describe("runs that a person cancels", () => {
  // Ignores being asked, as does the child that it starts.
  const stubborn = `
    import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    process.on("SIGTERM", () => {});
    const child = spawn("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"], { stdio: "ignore" });
    writeFileSync(process.env.CASCADE_TRAINER_DIRECTORY + "/pids", [process.pid, child.pid].join(" "));
    setInterval(() => {}, 1000);`;
  const requested = async (pipeline: string) => {
    const { data } = await world.training.nextEvent(TrainingRunRequestedV1, (e) => e.pipeline === pipeline);
    return data;
  };
  const started = (runId: string) =>
    world.training.nextEvent(TrainingRunStartedV1, ({ data }) => data.runId === runId);
  const cancel = (pipeline: string, runId: string) =>
    world.training.publish(
      TrainingRunCancellationRequestedV1.create(pipeline, { runId, by: "ada", reason: "a typing error" }),
    );
  const cancelled = async (runId: string) => {
    const { data } = await world.training.nextEvent(TrainingRunCancelledV1, (e) => e.data.runId === runId);
    return data;
  };
  const refused = async (eventId: string) => {
    const { data } = await world.training.nextEvent(
      TrainingRunCancellationRefusedV1,
      (event) => event.causationId === eventId,
    );
    return data.problem;
  };

  test("end wherever they are: queued, under way on any replica, or over", async () => {
    await runProgram("stubborn-1", stubborn);
    await runProgram("stubborn-2", stubborn);
    const [first, second] = [await requested("stubborn-1"), await requested("stubborn-2")];
    await Promise.all([started(first.runId), started(second.runId)]);
    await runProgram("third-in-line", goodEnd);
    const third = await requested("third-in-line");
    expect(third.queue).toEqual({ ahead: 0, runsMax: 2 });
    await runProgram("fourth-in-line", goodEnd);
    const fourth = await requested("fourth-in-line");
    expect(fourth.queue).toEqual({ ahead: 1, runsMax: 2 });

    await cancel("third-in-line", third.runId);
    expect(await cancelled(third.runId)).toMatchObject({
      by: "ada",
      reason: "a typing error",
      started: false,
    });

    // Whoever hears the request need not be who carries out the run.
    await world.training.addReplica();
    await eventually(async () => (await pidsOf("stubborn-1")).length === 2, {
      describe: "the program to be there",
    });
    const pids = await pidsOf("stubborn-1");
    await cancel("stubborn-1", first.runId);
    expect(await cancelled(first.runId)).toMatchObject({ by: "ada", started: true });
    // What is killed is a zombie until somebody has collected it, which is up to the system.
    await eventually(() => pids.every((pid) => !isThere(pid)), {
      describe: "the program and its child to be gone",
    });
    expect((await completed("fourth-in-line")).data.runId).toBe(fourth.runId);

    await cancel("stubborn-2", second.runId);
    await cancelled(second.runId);
    expect(await refused(await cancel("stubborn-2", second.runId))).toMatchObject({ code: "RUN_OVER" });
    expect(await refused(await cancel("stubborn-1", second.runId))).toMatchObject({ code: "RUN_UNKNOWN" });
    await eventually(async () => (await readdir(world.workDirectory)).length === 0, {
      describe: "the working folders to be removed",
    });
  });

  test("give their rows back to the next run", async () => {
    await request("stubborn-1");
    const { data } = await world.training.nextEvent(
      TrainingRunRequestedV1,
      (event) => event.pipeline === "stubborn-1" && event.data.trigger.kind === "request",
    );
    expect(data.newRows).toBe(100);
    await cancel("stubborn-1", data.runId);
    await cancelled(data.runId);
  });

  async function pidsOf(name: string): Promise<number[]> {
    const text = await readFile(join(world.trainersDirectory, name, "pids"), "utf8").catch(() => "");
    return text.split(" ").map(Number).filter(Boolean);
  }
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
