import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@cascade/artifacts";
import { FeatureViewMaterializedV1, TrainingRunFailedV1 } from "@cascade/contracts";
import { openModelSandbox } from "@cascade/onnx";
import { readConfig } from "@cascade/service-kit";
import { temporaryDirectory } from "@cascade/testing";
import { executeRun, type RunResult } from "../../../../services/training/src/adapters/execute-run.ts";
import { settings } from "../../../../services/training/src/config.ts";
import { features } from "./plain-features.ts";
import { smallModel } from "./small-model.ts";
import type { TrainerProgram } from "./trainer-programs.ts";

interface TrainerRun {
  readonly result: RunResult;
  readonly log: string;
  /** Processes that the program has told of. */
  readonly pids: readonly number[];
}

/** The real execution of training programs, with a store and folders of its own. */
export interface TrainerRuns extends AsyncDisposable {
  run(program: TrainerProgram): Promise<TrainerRun>;
  /** Folders that runs have left. */
  leftovers(): Promise<readonly string[]>;
}

/** These programs are run once each: no search keeps anything. */
const noTrials = { read: async () => [], insert: async () => {} };

const { trainingSet } = FeatureViewMaterializedV1.example;

export async function openTrainerRuns(): Promise<TrainerRuns> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryDirectory());
  const artifactsUrl = pathToFileURL(join(path, "artifacts")).href;
  const store = openArtifactStore(artifactsUrl);
  const part = await store.putBytes(Buffer.from("rows"), "application/vnd.apache.parquet");
  const sandbox = openModelSandbox({ processes: 1, memoryLimitMiB: 700, timeoutMs: 30_000 });
  stack.defer(() => sandbox.close());
  const owned = stack.move();
  const workDirectory = join(path, "work");
  const environment = { PATH: process.env.PATH ?? "", HUB_TOKEN: "hunter2-hunter2" };
  let runs = 0;
  return {
    async run(program) {
      const { script, timeoutSeconds = 20, logBytesMax = 4 << 20, command = ["sh", "train.sh"] } = program;
      const directory = join(path, `trainer-${runs++}`);
      await mkdir(directory);
      await writeFile(join(directory, "train.sh"), script);
      await writeFile(join(directory, "model.onnx"), smallModel());
      const config = readConfig("training", settings, {
        CASCADE_ARTIFACTS_URL: artifactsUrl,
        CASCADE_TRAINERS_DIRECTORY: path,
        CASCADE_TRAINER_LOG_BYTES_MAX: String(logBytesMax),
        CASCADE_TRAINER_DISK_MIB: String(program.diskMiB ?? 10_240),
        CASCADE_TRAINER_PROCESSES_MAX: String(program.processesMax ?? 1000),
        CASCADE_TRAINER_KILL_GRACE_MS: "100",
        CASCADE_TRAINER_PROGRESS_INTERVAL_MS: "10",
      });
      const result = await executeRun(
        {
          runId: TrainingRunFailedV1.example.runId,
          trigger: TrainingRunFailedV1.example.trigger,
          snapshotId: "snapshot",
          trainingSet: { ...trainingSet, features: [...features], train: part, validation: part },
          newRows: 1,
          task: "binary",
          trainer: { command: [...command], directory },
          parameters: {},
          seed: 1,
          timeoutSeconds,
          memoryMiB: 2048,
        },
        { config, store, sandbox, workDirectory, environment, trials: noTrials },
        {
          signal: new AbortController().signal,
          now: new Date(0),
          newId: () => "id",
          pipeline: "hostile",
          correlationId: "hostile",
          attempt: 1,
          progress: () => undefined,
        },
      );
      const log = result.log === undefined ? "" : await store.readBytes(result.log, { maxBytes: 16 << 20 });
      const pids = await readFile(join(directory, "pids"), "utf8").catch(() => "");
      await rm(directory, { recursive: true });
      return {
        result,
        log: Buffer.from(log).toString(),
        pids: pids.trim().split("\n").map(Number).filter(Boolean),
      };
    },
    leftovers: async () => (await readdir(workDirectory)).filter((name) => !name.endsWith(".moved")),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
