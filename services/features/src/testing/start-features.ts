import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ArtifactRef,
  type Column,
  DatasetValidatedV1,
  FeatureViewChangedV1,
  FeatureViewFailedV1,
  FeatureViewMaterializedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { service } from "../service.ts";
import { appliedPipeline } from "./test-pipeline.ts";
import { openTestRows, type TestRows } from "./test-rows.ts";

export type Row = Record<string, unknown>;

export const tripColumns: Column[] = [
  { name: "seen", type: "timestamp" },
  { name: "city", type: "string" },
  { name: "miles", type: "number" },
  { name: "tip", type: "number" },
];

/** One trip an hour, from an hour on. */
export const trips = (count: number, from = 0): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    seen: new Date(Date.UTC(2026, 0, 1, from + index)).toISOString(),
    city: ["Oslo", "Rome"][index % 2],
    miles: index,
    tip: from + index,
  }));

type Changes = Parameters<typeof appliedPipeline>[1];

/** The service with an artifact store of its own, and the events its tests send. */
export async function startFeatures(environment: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const artifacts = pathToFileURL(join(directory.path, "artifacts")).href;
  const work = join(directory.path, "work");
  const rows: TestRows = openTestRows(artifacts, directory.path);
  stack.defer(() => rows.tabular.close());
  const features: ServiceUnderTest = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: artifacts,
      CASCADE_WORK_DIRECTORY: work,
      CASCADE_RETRY_BASE_MS: "20",
      ...environment,
    }),
  );
  const owned = stack.move();

  const following = (id: string) => {
    const caused = ({ correlationId }: { correlationId: string }) => correlationId === id;
    return {
      id,
      materialized: async (of?: string) =>
        (
          await features.nextEvent(
            FeatureViewMaterializedV1,
            (event) => caused(event) && (of === undefined || event.pipeline === of),
          )
        ).data,
      changed: (of: string) =>
        features.nextEvent(FeatureViewChangedV1, (event) => caused(event) && event.pipeline === of),
      failed: async () => (await features.nextEvent(FeatureViewFailedV1, caused)).data,
    };
  };
  const accept = async (
    pipeline: string,
    ref: ArtifactRef,
    rowCount: number,
    datasetVersion = ref.digest,
    columns: readonly Column[] = tripColumns,
  ) => {
    const data = { datasetVersion, rows: ref, rowCount, columns: [...columns], report: ref, warnings: [] };
    return following(await features.publish(DatasetValidatedV1.create(pipeline, data)));
  };
  return {
    features,
    rows,
    work,
    following,
    /** Applies a pipeline; what the answer waits for is what the event leads to. */
    apply: async (pipeline: string, changes: Changes = {}) =>
      following(
        await features.publish(PipelineAppliedV1.create(pipeline, appliedPipeline(pipeline, changes))),
      ),
    accept,
    send: async (pipeline: string, data: readonly Row[], of: readonly Column[] = tripColumns) => {
      const ref = await rows.put(data, of);
      return { ref, ...(await accept(pipeline, ref, data.length, ref.digest, of)) };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type FeaturesUnderTest = Awaited<ReturnType<typeof startFeatures>>;
