import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TrainingRunCompletedV1, TrainingRunStartedV1 } from "@cascade/contracts";
import { eventually, type TemporaryDirectory, temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobName } from "./kubernetes/job-manifest.ts";
import { type JobOptions, runJob } from "./kubernetes/run-job.ts";
import { type PlayedNode, playNode } from "./kubernetes/testing/play-node.ts";
import { type ControlPlane, startControlPlane } from "./kubernetes/testing/start-control-plane.ts";
import { triggers } from "./testing/conversation.ts";
import { smallModel } from "./testing/small-model.ts";
import { openTrainingWorld } from "./testing/training-world.ts";

/** The API server and the controllers are real. No container is run: the tests play the node. */
const programs = process.env.CASCADE_TEST_KUBERNETES_DIRECTORY;
const skipped =
  programs === undefined
    ? " (skipped: CASCADE_TEST_KUBERNETES_DIRECTORY names no folder with etcd, kube-apiserver and kube-controller-manager)"
    : "";

const limitMs = 180_000;
const serviceStops = new Error("the service stops");

describe.skipIf(programs === undefined)(`a training program as a Kubernetes Job${skipped}`, () => {
  let plane: ControlPlane;
  let node: PlayedNode;
  let folder: TemporaryDirectory;

  beforeAll(async () => {
    folder = await temporaryDirectory();
    plane = await startControlPlane(programs ?? "");
    node = await playNode(plane);
  }, limitMs);
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await plane?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  const optionsOf = (runId: string, changes: Partial<JobOptions> = {}): JobOptions => ({
    runId,
    image: "registry.example/trainer@sha256:00",
    command: ["python3", "train.py"],
    env: { LANG: "C.UTF-8" },
    timeoutMs: 600_000,
    killGraceMs: 1000,
    memoryLimitMiB: 64,
    diskLimitMiB: 64,
    claim: "cascade-work",
    folder: runId,
    user: 1000,
    startTimeoutMs: 60_000,
    keptSeconds: 3600,
    logFile: join(folder.path, `${runId}.log`),
    logLimitBytes: 1000,
    lookIntervalMs: 50,
    outageMsMax: 120_000,
    deleteTimeoutMs: 60_000,
    signal: new AbortController().signal,
    staysAfter: (reason) => reason === serviceStops,
    ...changes,
  });
  test("a run of a pipeline that names an image gives a candidate", { timeout: limitMs }, async () => {
    const shared = join(folder.path, "claim");
    await using world = await openTrainingWorld({
      ...plane.settings,
      CASCADE_KUBERNETES_CLAIM: "cascade-work",
      CASCADE_KUBERNETES_DIRECTORY: shared,
      CASCADE_KUBERNETES_USER: String(process.getuid?.() || 1000),
      CASCADE_KUBERNETES_LOOK_INTERVAL_MS: "50",
    });
    const isOf = (event: { readonly pipeline: string }) => event.pipeline === "imaged";
    await world.apply("imaged", {
      trainer: { command: ["python3", "train.py"], image: "registry.example/trainer:1" },
      triggers: triggers({ newData: { minRows: 1 } }),
    });
    await world.materialize("imaged", 100);
    const { data: started } = await world.training.nextEvent(TrainingRunStartedV1, isOf, limitMs);
    expect(started.trainer).toBe("registry.example/trainer:1 python3 train.py");
    const { runId } = started;
    await podName(runId);
    const own = join(shared, jobName({ runId }));
    expect((await readdir(own)).sort()).toEqual(["request.json", "train.parquet", "validation.parquet"]);
    await writeFile(join(own, "model.onnx"), smallModel());
    await writeFile(join(own, "metrics.json"), JSON.stringify({ metrics: { auc: 0.7 } }));
    await node.tell({ runId }, { phase: "Succeeded", state: ended(0, "Completed") });
    const { data } = await world.training.nextEvent(TrainingRunCompletedV1, isOf, limitMs);
    expect(data.metrics).toEqual({ auc: 0.7 });
    await eventually(async () => (await readdir(shared)).length === 0, {
      describe: "the shared folder to be removed",
    });
    expect(await findJob(runId)).toBeUndefined();
  });

  const jobs = "/apis/batch/v1/namespaces/default/jobs";
  const findJob = async (runId: string) => {
    const { items } = await plane.cluster.ask({ method: "GET", path: jobs });
    return items.find((job: { metadata: { name: string } }) => job.metadata.name === jobName({ runId }));
  };
  const podName = (runId: string) =>
    eventually(
      async () => {
        const { items } = await plane.cluster.ask({
          method: "GET",
          path: "/api/v1/namespaces/default/pods",
        });
        return items.find((pod: { metadata: { name: string } }) =>
          pod.metadata.name.startsWith(jobName({ runId })),
        )?.metadata.name;
      },
      { describe: "the pod to be there", timeoutMs: 60_000 },
    );
  const ended = (exitCode: number, reason: string) => ({ terminated: { exitCode, reason } });

  test("one that ends well has its log kept, and leaves nothing behind", { timeout: limitMs }, async () => {
    const running = runJob(optionsOf("good"), plane.api);
    node.logs.set(await podName("good"), "trained\n");
    await node.tell({ runId: "good" }, { phase: "Succeeded", state: ended(0, "Completed") });
    expect(await running).toMatchObject({ outcome: "exited", exitCode: 0, logTail: "trained\n" });
    expect(await readFile(join(folder.path, "good.log"), "utf8")).toBe("trained\n");
    expect(await findJob("good")).toBeUndefined();
  });

  test.for([
    ["exit-3", { phase: "Failed", state: ended(3, "Error") }, { outcome: "exited", exitCode: 3 }],
    ["memory", { phase: "Failed", state: ended(137, "OOMKilled") }, { outcome: "out-of-memory" }],
    [
      "time",
      { phase: "Failed", reason: "DeadlineExceeded", state: ended(137, "Error") },
      { outcome: "timed-out" },
    ],
    [
      "image",
      { phase: "Pending", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      { outcome: "not-started", logTail: "ImagePullBackOff: no such image" },
    ],
  ] as const)("%s: is told as on this machine", { timeout: limitMs }, async ([runId, status, expected]) => {
    const running = runJob(optionsOf(runId), plane.api);
    await node.tell({ runId }, status);
    expect(await running).toMatchObject(expected);
    expect(await findJob(runId)).toBeUndefined();
  });

  test("a log that is too long is cut, and says so", { timeout: limitMs }, async () => {
    const running = runJob(optionsOf("long"), plane.api);
    node.logs.set(await podName("long"), "x".repeat(100_000));
    await node.tell({ runId: "long" }, { phase: "Succeeded", state: ended(0, "Completed") });
    await running;
    const log = await readFile(join(folder.path, "long.log"), "utf8");
    expect(log).toBe(`${"x".repeat(1000)}\nThe log is longer than 1000 bytes; the rest was not kept.\n`);
  });

  test("a node that is taken away is the cluster's failure, and the Job can be made again", {
    timeout: limitMs,
  }, async () => {
    const running = runJob(optionsOf("drained"), plane.api);
    running.catch(() => {});
    const conditions = [{ type: "DisruptionTarget", status: "True", message: "node drained" }];
    await node.tell({ runId: "drained" }, { phase: "Failed", conditions, state: ended(137, "Error") });
    await expect(running).rejects.toMatchObject({ code: "KUBERNETES_JOB_INTERRUPTED" });
    expect(await findJob("drained")).toBeUndefined();
  });

  test("a service that stops leaves the Job to the next one, which adopts it", {
    timeout: limitMs,
  }, async () => {
    const stop = new AbortController();
    const first = runJob(optionsOf("adopted", { signal: stop.signal }), plane.api);
    await node.tell({ runId: "adopted" }, { phase: "Running", state: { running: {} } });
    const { uid } = (await findJob("adopted")).metadata;
    stop.abort(serviceStops);
    expect(await first).toMatchObject({ outcome: "cancelled" });
    const second = runJob(optionsOf("adopted"), plane.api);
    expect((await findJob("adopted")).metadata.uid).toBe(uid);
    await node.tell({ runId: "adopted" }, { phase: "Succeeded", state: ended(0, "Completed") });
    expect(await second).toMatchObject({ outcome: "exited", exitCode: 0 });
  });

  test("one that is cancelled is removed with its pod", { timeout: limitMs }, async () => {
    const stop = new AbortController();
    const running = runJob(optionsOf("cancelled", { signal: stop.signal }), plane.api);
    await node.tell({ runId: "cancelled" }, { phase: "Running", state: { running: {} } });
    stop.abort(new Error("a person has cancelled the run"));
    expect(await running).toMatchObject({ outcome: "cancelled" });
    expect(await findJob("cancelled")).toBeUndefined();
    const pods = await plane.cluster.ask({ method: "GET", path: "/api/v1/namespaces/default/pods" });
    expect(JSON.stringify(pods.items)).not.toContain(jobName({ runId: "cancelled" }));
  });

  test("a Job of somebody else is left alone", { timeout: limitMs }, async () => {
    const metadata = { name: jobName({ runId: "taken" }) };
    const spec = {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "own", image: "own" }] } },
    };
    await plane.cluster.ask({ method: "POST", path: jobs, body: { metadata, spec } });
    await expect(runJob(optionsOf("taken"), plane.api)).rejects.toMatchObject({
      code: "KUBERNETES_JOB_NAME_TAKEN",
    });
    expect(await findJob("taken")).toBeDefined();
  });

  test("an API server that is away for a while ends nothing", { timeout: limitMs }, async () => {
    const running = runJob(optionsOf("outage"), plane.api);
    await node.tell({ runId: "outage" }, { phase: "Running", state: { running: {} } });
    await plane.stopApiServer();
    await expect(plane.api.jobs({ method: "GET", path: "jobs" }, [200])).rejects.toMatchObject({
      code: "KUBERNETES_UNREACHABLE",
    });
    await plane.startApiServer();
    await node.tell({ runId: "outage" }, { phase: "Succeeded", state: ended(0, "Completed") });
    expect(await running).toMatchObject({ outcome: "exited", exitCode: 0 });
  });
});
