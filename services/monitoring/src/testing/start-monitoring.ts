import { pathToFileURL } from "node:url";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import {
  type DataOf,
  LabelsArrivedV1,
  type MetricName,
  ModelVersionPromotedV1,
  PipelineAppliedV1,
  PipelineSpec,
  PredictionsLoggedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { service } from "../service.ts";
import { referenceFile, watchedVersion } from "./watched-version.ts";

export type Logged = DataOf<typeof PredictionsLoggedV1>["predictions"][number];

export interface MonitoringUnderTest extends AsyncDisposable {
  readonly monitoring: ServiceUnderTest;
  readonly store: ArtifactStore;
  apply(monitoring?: object, version?: number): Promise<string>;
  promote(version: number, changes?: { auc?: number; previousVersion?: number }): Promise<string>;
  log(predictions: readonly Logged[], dropped?: number): Promise<string>;
  label(labels: DataOf<typeof LabelsArrivedV1>["labels"]): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals, whatever their shape.
  read(): Promise<any>;
}

export const pipeline = "flights";
/** Monitoring with an artifact store of its own, and a pipeline to be watched. */
export async function startMonitoring(
  environment: Readonly<Record<string, string>> = {},
): Promise<MonitoringUnderTest> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryDirectory());
  const work = stack.use(await temporaryDirectory());
  const url = pathToFileURL(folder.path).href;
  const store = openArtifactStore(url);
  const monitoring = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: url,
      CASCADE_WORK_DIRECTORY: work.path,
      CASCADE_RETRY_BASE_MS: "20",
      ...environment,
    }),
  );
  const owned = stack.move();
  return {
    monitoring,
    store,
    apply: (section = {}, version = 1) =>
      monitoring.publish(
        PipelineAppliedV1.create(pipeline, {
          version,
          spec: specWith(section),
          digest: `digest-${version}`,
          modelChanged: version === 1,
          by: "ada",
        }),
      ),
    promote: async (version, { auc = 0.9, previousVersion } = {}) => {
      const metrics: Partial<Record<MetricName, number>> = { auc };
      return monitoring.publish(
        ModelVersionPromotedV1.create(pipeline, {
          ...ModelVersionPromotedV1.example,
          version,
          ...(previousVersion === undefined ? {} : { previousVersion }),
          primaryMetric: "auc",
          metrics,
          reference: await store.putJson(referenceFile),
          servable: watchedVersion(version).servable,
        }),
      );
    },
    log: (predictions, dropped = 0) =>
      monitoring.publish(
        PredictionsLoggedV1.create(pipeline, {
          replica: "serving-1",
          predictions: [...predictions],
          dropped,
        }),
      ),
    label: (labels) => monitoring.publish(LabelsArrivedV1.create(pipeline, { labels })),
    read: async () => (await fetch(new URL(`/v1/monitoring/${pipeline}`, monitoring.running.url))).json(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function specWith(monitoring: object): PipelineSpec {
  return PipelineSpec.parse({
    pipeline,
    data: {
      columns: { date: "timestamp", hour: "number", origin: "string", delayed: "boolean" },
      eventTime: "date",
      label: "delayed",
    },
    features: { view: "departures", columns: { hour: "hour", origin: "origin" } },
    training: { task: "binary" },
    monitoring,
  });
}
