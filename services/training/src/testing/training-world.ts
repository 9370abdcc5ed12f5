import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@cascade/artifacts";
import {
  FeatureViewMaterializedV1,
  PipelineAppliedV1,
  PipelineSpec,
  TrainingRunRequestedV1,
  type TrainingSet,
} from "@cascade/contracts";
import { openDatabase } from "@cascade/postgres";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { openTabular } from "@cascade/tabular";
import { temporaryDirectory } from "@cascade/testing";
import { service } from "../service.ts";
import { trainingSet as sampleSet } from "./fixtures.ts";

type Training = Partial<PipelineSpec["training"]>;

/** The service with a store, data in it, and folders of its own. */
export interface TrainingWorld extends AsyncDisposable {
  readonly training: ServiceUnderTest;
  readonly store: ReturnType<typeof openArtifactStore>;
  readonly workDirectory: string;
  readonly trainersDirectory: string;
  readonly trainingSet: TrainingSet;
  /** Writes a training program and returns its directory. */
  trainer(name: string, code: string, files?: Readonly<Record<string, Uint8Array>>): Promise<string>;
  apply(pipeline: string, training: Training, version?: number, modelChanged?: boolean): Promise<string>;
  materialize(pipeline: string, newRows: number): Promise<string>;
  /** Asks the service's own database. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  /** The run that a trigger of this kind has started. */
  runOf(pipeline: string, kind: string): Promise<string>;
}

export async function openTrainingWorld(environment: Record<string, string> = {}): Promise<TrainingWorld> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryDirectory());
  const artifactsUrl = pathToFileURL(join(folder, "artifacts")).href;
  const workDirectory = join(folder, "work");
  const store = openArtifactStore(artifactsUrl);
  const trainingSet = await storeTrainingSet(folder, store);
  const training = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: artifactsUrl,
      CASCADE_WORK_DIRECTORY: workDirectory,
      CASCADE_TRAINERS_DIRECTORY: folder,
      CASCADE_TRAINER_PROGRESS_INTERVAL_MS: "20",
      CASCADE_JOB_STOP_GRACE_MS: "50",
      ...environment,
    }),
  );
  const database = openDatabase({
    url: training.postgresUrl,
    schema: service.name,
    applicationName: "training-world",
    poolSize: 1,
    onError: () => {},
  });
  stack.defer(() => database.close());
  const owned = stack.move();
  let snapshots = 0;
  return {
    training,
    store,
    workDirectory,
    trainersDirectory: folder,
    trainingSet,
    query: async (sql, values) => (await database.query(sql, values)).rows,
    async trainer(name, code, files = {}) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "train.mjs"), code);
      for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, name, file), bytes);
      return name;
    },
    apply: (pipeline, changes, version = 1, modelChanged = true) => {
      const sample = PipelineAppliedV1.example;
      const own = { ...sample.spec, pipeline, training: { ...sample.spec.training, ...changes } };
      const spec = PipelineSpec.parse(own);
      return training.publish(PipelineAppliedV1.create(pipeline, { ...sample, version, modelChanged, spec }));
    },
    materialize: (pipeline, newRows) =>
      training.publish(
        FeatureViewMaterializedV1.create(pipeline, {
          // In the order of their making, and older than any event.
          snapshotId: `00000000-${String(++snapshots).padStart(4, "0")}`,
          trainingSet,
          newRows,
          totalRows: 300,
        }),
      ),
    async runOf(pipeline, kind) {
      const { data } = await training.nextEvent(
        TrainingRunRequestedV1,
        (event) => event.pipeline === pipeline && event.data.trigger.kind === kind,
      );
      return data.runId;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Departures of which the late ones are late: enough for a learner to find. */
async function storeTrainingSet(
  folder: string,
  store: ReturnType<typeof openArtifactStore>,
): Promise<TrainingSet> {
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 60_000,
    temporaryDirectory: folder,
  });
  try {
    const part = async (name: string, rowCount: number, first: number) => {
      const rows = Array.from({ length: rowCount }, (_, index) => {
        const hour = (index * 7 + first) % 24;
        const origin = ["ATL", "ORD", "SFO"][index % 3] ?? "ATL";
        return { hour, origin, distance: 100 + ((index * 13) % 900), delayed: hour > 15 || index % 11 === 0 };
      });
      const output = join(folder, `${name}.parquet`);
      const columns = [
        { name: "hour", type: "integer" },
        { name: "origin", type: "string" },
        { name: "distance", type: "number" },
        { name: "delayed", type: "boolean" },
      ] as const;
      await tabular.writeRows({ rows, columns, output });
      return store.putFile(output, "application/vnd.apache.parquet");
    };
    return {
      ...sampleSet,
      train: await part("train", 200, 0),
      validation: await part("validation", 50, 1),
      holdout: await part("holdout", 50, 2),
      rowCounts: { train: 200, validation: 50, holdout: 50 },
    };
  } finally {
    await tabular.close();
  }
}
