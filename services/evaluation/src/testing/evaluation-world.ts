import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@cascade/artifacts";
import {
  type ArtifactRef,
  type DataOf,
  type Feature,
  type GateSpec,
  type Metrics,
  ModelVersionPromotedV1,
  mediaTypes,
  type NewEvent,
  PipelineAppliedV1,
  PipelineSpec,
  type ServableModel,
  TrainingRunCompletedV1,
  type TrainingSet,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { type JsonRow, openTabular } from "@cascade/tabular";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { service } from "../service.ts";

const hour: Feature = { name: "hour", sql: "hour(date)", kind: "number" };
const origin: Feature = { name: "origin", sql: "origin", kind: "category" };
export const features = [hour, origin];

type Completed = DataOf<typeof TrainingRunCompletedV1>;

/** The service with a store, a holdout in it, and folders of its own. */
export interface EvaluationWorld extends AsyncDisposable {
  readonly evaluation: ServiceUnderTest;
  readonly store: ReturnType<typeof openArtifactStore>;
  readonly trainingSet: TrainingSet;
  readonly workDirectory: string;
  servable(model: Uint8Array, changes?: Partial<ServableModel>): Promise<ServableModel>;
  /** Applies the sample pipeline, with changes, and waits until it is known. */
  apply(pipeline: string, gates?: readonly GateSpec[], changes?: object): Promise<void>;
  /** Promotes a version and waits until it is known. */
  promote(
    pipeline: string,
    version: number,
    servable: ServableModel,
    metrics: Metrics,
    previousVersion?: number,
  ): Promise<void>;
  complete(pipeline: string, candidate: ServableModel, changes?: Partial<Completed>): Promise<string>;
  restart(): Promise<void>;
  holdout(rows: readonly JsonRow[], label: "boolean" | "number" | "string"): Promise<ArtifactRef>;
}

export async function openEvaluationWorld(
  environment: Record<string, string> = {},
): Promise<EvaluationWorld> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryDirectory());
  const artifactsUrl = pathToFileURL(join(folder, "artifacts")).href;
  const store = openArtifactStore(artifactsUrl);
  const limits = { processes: 1, threads: 1, memoryLimitMiB: 512, timeoutMs: 60_000 };
  const tabular = openTabular({ ...limits, temporaryDirectory: folder });
  stack.defer(() => tabular.close());
  let files = 0;
  const holdout: EvaluationWorld["holdout"] = async (rows, label) => {
    const output = join(folder, `holdout-${++files}.parquet`);
    const columns = [
      { name: "hour", type: "integer" },
      { name: "origin", type: "string" },
      { name: "delayed", type: label },
    ] as const;
    await tabular.writeRows({ rows, columns, output });
    return store.putFile(output, mediaTypes.parquet);
  };
  // The hours run through the day; after 15 a departure is late, but for every seventh.
  const rows = Array.from({ length: 168 }, (_, index) => ({
    hour: index % 24,
    origin: ["ATL", "ORD", "SFO"][index % 3] ?? null,
    delayed: index % 7 === 0 ? index % 24 <= 15 : index % 24 > 15,
  }));
  const sample = TrainingRunCompletedV1.example;
  const stored = await holdout(rows, "boolean");
  const trainingSet: TrainingSet = {
    ...sample.trainingSet,
    features,
    train: stored,
    holdout: stored,
    rowCounts: { train: 700, validation: 150, holdout: rows.length },
  };
  const workDirectory = join(folder, "work");
  const evaluation = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: artifactsUrl,
      CASCADE_WORK_DIRECTORY: workDirectory,
      CASCADE_MODEL_TIMEOUT_MS: "6000",
      CASCADE_MODEL_MEMORY_MIB: "1200",
      CASCADE_EVALUATION_BATCH_ROWS: "100",
      ...environment,
    }),
  );
  const owned = stack.move();
  let runs = 0;
  // Reactions on events of different owners have no order of their own, so the tests make one.
  const handled = async (reaction: string): Promise<number> => {
    const text = await (await fetch(`${evaluation.running.url}/metrics`)).text();
    const counter = `cascade_events_handled_total{reaction="${reaction}",outcome="handled"`;
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(counter))
        ?.split(" ")
        .at(-1) ?? 0,
    );
  };
  // What was published together is waited for together: which of the two comes first cannot be told.
  const published = new Map<string, number>();
  const publishAndWait = async (event: NewEvent, reaction: string) => {
    published.set(reaction, (published.get(reaction) ?? 0) + 1);
    await evaluation.publish(event);
    const isDone = async () => (await handled(reaction)) >= (published.get(reaction) ?? 0);
    await eventually(isDone, { describe: `${reaction} to be done` });
  };
  return {
    evaluation,
    store,
    trainingSet,
    workDirectory,
    holdout,
    servable: async (model, changes = {}) => ({
      ...sample.candidate,
      features,
      model: await store.putBytes(model, mediaTypes.onnx),
      ...changes,
    }),
    apply: async (pipeline, gates = [], changes = {}) => {
      const { spec } = PipelineAppliedV1.example;
      const own = { ...spec, pipeline, evaluation: { gates }, ...changes };
      const data = { ...PipelineAppliedV1.example, spec: PipelineSpec.parse(own) };
      await publishAndWait(PipelineAppliedV1.create(pipeline, data), "keep-policy-on-pipeline-applied");
    },
    promote: async (pipeline, version, servable, metrics, previousVersion = version - 1) => {
      const { previousVersion: _, ...data } = ModelVersionPromotedV1.example;
      const previous = previousVersion > 0 ? { previousVersion } : {};
      const promoted = { ...data, ...previous, version, servable, metrics };
      const event = ModelVersionPromotedV1.create(pipeline, promoted);
      await publishAndWait(event, "keep-champion-on-model-version-promoted");
    },
    complete: async (pipeline, candidate, changes = {}) => {
      const { samplePredictions: _, ...data } = sample;
      const runId = `run-${++runs}`;
      const completed = { ...data, runId, candidate, trainingSet, ...changes };
      await evaluation.publish(TrainingRunCompletedV1.create(pipeline, completed));
      return runId;
    },
    restart: async () => {
      await evaluation.restart();
      // The counters of a service begin with it.
      published.clear();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
