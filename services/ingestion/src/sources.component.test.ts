import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  DataArrivedV2,
  DataDiscoveredV1,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetUnchangedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { allProgressSubjects, connectBroker, noLog, Progress } from "@cascade/messaging";
import { openDatabase } from "@cascade/postgres";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { eventually, type TestDatabase, temporaryDirectory, testDatabase } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "./service.ts";
import { type S3ForTest, s3Keys, startS3 } from "./testing/start-s3.ts";
import { appliedPipeline } from "./testing/test-pipeline.ts";

const stack = new AsyncDisposableStack();
let ingestion: ServiceUnderTest;
let s3: S3ForTest;
let folder: string;
let warehouse: TestDatabase;
const progress: string[] = [];
let say: (subject: string, message: object) => Promise<void>;

beforeAll(async () => {
  const { path } = stack.use(await temporaryDirectory());
  folder = path;
  s3 = stack.use(await startS3(join(path, "s3"), ["lake"]));
  warehouse = stack.use(await testDatabase());
  ingestion = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: pathToFileURL(join(path, "artifacts")).href,
      CASCADE_WORK_DIRECTORY: join(path, "work"),
      CASCADE_RETRY_BASE_MS: "10",
      CASCADE_S3_ENDPOINT: s3.endpoint,
      CASCADE_S3_ACCESS_KEY_ID: s3Keys.accessKeyId,
      CASCADE_S3_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
      CASCADE_S3_PRIVATE_ENDPOINT: "true",
      CASCADE_INGEST_POSTGRES: JSON.stringify({ warehouse: warehouse.adminUrl }),
    }),
  );
  const outside = await connectBroker({ servers: ingestion.natsUrl, name: "store", log: noLog });
  stack.defer(() => outside.close());
  outside.subscribe(allProgressSubjects, {
    callback: (_, message) => void progress.push(Progress.parse(message.json()).message),
  });
  // As a store does it: bytes without a header; the answer is that of the stream.
  say = async (subject, message) => {
    const answer: { stream?: string } = (await outside.request(subject, JSON.stringify(message))).json();
    expect(answer.stream).toBe("CASCADE_OUTSIDE");
  };
});
afterAll(() => stack.disposeAsync());

/** Applies a pipeline that has these sources, and waits until the service knows it. */
async function apply(pipeline: string, sources: readonly object[], version = 1) {
  const applied = appliedPipeline({ version, data: { sources } });
  await ingestion.publish(
    PipelineAppliedV1.create(pipeline, { ...applied, spec: { ...applied.spec, pipeline } }),
  );
  await eventually(
    async () => {
      const id = await ingestion.publish(DataArrivedV2.create(pipeline, { files: [{ uri: "nothing" }] }));
      const { data } = await ingestion.nextEvent(
        DatasetIngestionFailedV1,
        (event) => event.causationId === id,
      );
      return data.problem.code !== "PIPELINE_UNKNOWN";
    },
    { describe: `ingestion to know ${pipeline}` },
  );
}

const of = (pipeline: string) => (event: { pipeline: string }) => event.pipeline === pipeline;

/** What MinIO and RustFS publish for one object, in their own form. */
function minioNotice(key: string, sequencer: string) {
  return {
    EventName: "s3:ObjectCreated:Put",
    Key: `lake/${key}`,
    Records: [
      {
        eventVersion: "2.0",
        eventSource: "minio:s3",
        eventTime: "2026-01-01T00:00:00.000Z",
        eventName: "s3:ObjectCreated:Put",
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: "Config",
          bucket: { name: "lake", arn: "arn:aws:s3:::lake" },
          object: { key: encodeURIComponent(key), size: 40, eTag: "e", sequencer },
        },
      },
    ],
  };
}

test("a notice of a store about an object makes it a batch of the pipelines that declare it, once", async () => {
  await apply("notified", [{ kind: "bucket", bucket: "lake", prefix: "in/", suffix: ".csv" }]);
  await s3.put("lake", "in/week 1.csv", "at,city,tip\n2026-01-01,Oslo,1\n");
  const subject = "cascade.bucket.notified.v1.s3";
  await say(subject, minioNotice("in/week 1.csv", "first"));
  const ingested = await ingestion.nextEvent(DatasetIngestedV1, of("notified"));
  expect(ingested.data).toMatchObject({ rowCount: 1, files: [{ uri: "s3://lake/in/week 1.csv" }] });

  const shown = expect.arrayContaining(["fetching file 1 of 1", "reading the rows"]);
  await expect.poll(() => progress).toEqual(shown);

  // The same notice twice is one event, and the same bytes are said to be unchanged.
  const again = minioNotice("in/week 1.csv", "the-same");
  await say(subject, again);
  await say(subject, again);
  await say(subject, minioNotice("elsewhere/week.csv", "1"));
  await say(subject, { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "lake" });
  await say(subject, minioNotice("in/missing.csv", "last"));
  await ingestion.nextEvent(DatasetIngestionFailedV1, ({ data }) => data.problem.code === "OBJECT_MISSING");
  const unchanged = await ingestion.nextEvent(DatasetUnchangedV1, of("notified"));
  expect(unchanged.data.datasetVersion).toBe(ingested.data.datasetVersion);
  const told = ingestion.seen().filter(({ envelope }) => envelope.causationid === unchanged.causationId);
  expect(told.map(({ envelope }) => envelope.type)).toEqual([DatasetUnchangedV1.type]);
  expect(ingestion.seen().filter(({ data }) => JSON.stringify(data).includes("elsewhere"))).toHaveLength(1);
});

test("a file that comes into a watched folder is taken once, also over a restart, and again when it changes", async () => {
  const inbox = join(folder, "inbox");
  await apply("watched", [
    { kind: "folder", folder: inbox, suffix: ".csv", everySeconds: 0.1, quietSeconds: 0.2 },
  ]);
  const failed = await ingestion.nextEvent(
    DatasetIngestionFailedV1,
    ({ pipeline, data }) => pipeline === "watched" && data.problem.code === "FOLDER_UNREADABLE",
  );
  expect(failed.data.files).toEqual([{ uri: inbox }]);

  await mkdir(inbox);
  await writeFile(join(inbox, "a.csv"), "at,city,tip\n2026-01-01,Oslo,1\n");
  await writeFile(join(inbox, ".b.csv"), "not finished");
  await symlink(join(inbox, "a.csv"), join(inbox, "link.csv"));
  const found = await ingestion.nextEvent(DataDiscoveredV1, of("watched"));
  const ingested = await ingestion.nextEvent(DatasetIngestedV1, of("watched"));
  expect(found.data.uri).toBe(pathToFileURL(join(inbox, "a.csv")).href);
  expect(ingested).toMatchObject({ causationId: found.id, correlationId: found.id, data: { rowCount: 1 } });

  await ingestion.restart();
  await writeFile(join(inbox, "a.csv"), "at,city,tip\n2026-01-01,Oslo,1\n2026-01-02,Oslo,2\n");
  const changed = await ingestion.nextEvent(
    DatasetIngestedV1,
    ({ pipeline, data }) => pipeline === "watched" && data.rowCount === 2,
  );
  expect(changed.data.files).toEqual([{ uri: found.data.uri, sizeBytes: 48 }]);

  // Two replicas look, and neither takes what the other has taken.
  await ingestion.addReplica();
  const names = Array.from({ length: 6 }, (_, index) => `more-${index}.csv`);
  for (const [index, name] of names.entries()) {
    await writeFile(join(inbox, name), `at,city,tip\n2026-02-0${index + 1},Oslo,1\n`);
  }
  for (const name of names) {
    await ingestion.nextEvent(
      DatasetIngestedV1,
      ({ pipeline, data }) => pipeline === "watched" && data.files[0]?.uri.endsWith(name) === true,
    );
  }
  const all = ingestion.seen().filter(({ envelope }) => envelope.subject === "watched");
  const discovered = all.filter(({ envelope }) => envelope.type === DataDiscoveredV1.type);
  expect(discovered).toHaveLength(2 + names.length);
  expect(all.filter(({ envelope }) => envelope.type === DatasetUnchangedV1.type)).toEqual([]);
  expect(all.filter(({ data }) => JSON.stringify(data).includes("FOLDER_UNREADABLE"))).toHaveLength(1);
});

test("new rows of a query are batches; each is taken once, and nothing can be changed by it", async () => {
  const database = openDatabase({
    url: warehouse.adminUrl,
    schema: "public",
    applicationName: "test",
    onError: () => {},
  });
  await using _ = { [Symbol.asyncDispose]: () => database.close() };
  await database.query("create table trips (id int, at timestamptz, city text, tip numeric, fast boolean)");
  const insert = (ids: readonly number[]) =>
    database.query(
      `insert into trips select id, timestamptz '2026-01-01' + id * interval '1 hour', 'Zürich', id / 2.0, id > 1
       from unnest($1::int[]) as id`,
      [ids],
    );
  const query = "select id, at, city, tip, fast from trips";
  const source = {
    kind: "postgres",
    connection: "warehouse",
    watermark: "id",
    everySeconds: 0.1,
    maxRows: 2,
  };
  const nth = async (rowCount: number, batch: string) =>
    (
      await ingestion.nextEvent(
        DatasetIngestedV1,
        ({ pipeline, data }) =>
          pipeline === "queried" && data.rowCount === rowCount && data.files[0]?.uri.endsWith(batch) === true,
      )
    ).data;

  await insert([1, 2, 3]);
  await apply("queried", [{ ...source, name: "trips", query }]);
  const first = await nth(2, "#2");
  expect(first.columns).toEqual([
    { name: "at", type: "timestamp" },
    { name: "city", type: "string" },
    { name: "tip", type: "number" },
    { name: "id", type: "integer" },
    { name: "fast", type: "boolean" },
  ]);
  await nth(1, "#3");
  await ingestion.restart();
  await insert([4, 5]);
  await nth(2, "#5");
  const taken = ingestion
    .seen()
    .filter(({ envelope }) => envelope.subject === "queried" && envelope.type === DatasetIngestedV1.type);
  expect(taken).toHaveLength(3);

  await apply("refused", [
    { ...source, name: "writing", query: "select id, lo_create(0) from trips" },
    { ...source, name: "two", query: "select 1 as id) as q) as r; drop table trips; --" },
    { ...source, name: "missing", query: "select 1 as id", connection: "nobody" },
    { ...source, name: "empty", query: "select null::int as id" },
    { ...source, name: "even", query: "select 1 as id from generate_series(1, 9)" },
  ]);
  const problemOf = async (name: string) =>
    (
      await ingestion.nextEvent(
        DatasetIngestionFailedV1,
        ({ pipeline, data }) => pipeline === "refused" && data.files[0]?.uri.endsWith(`:${name}`) === true,
      )
    ).data.problem;
  expect(await problemOf("writing")).toMatchObject({
    code: "QUERY_FAILED",
    message: expect.stringContaining("read-only transaction"),
  });
  expect((await problemOf("two")).code).toBe("QUERY_FAILED");
  expect((await problemOf("missing")).code).toBe("CONNECTION_UNKNOWN");
  expect((await problemOf("empty")).code).toBe("WATERMARK_UNUSABLE");
  expect((await problemOf("even")).code).toBe("WATERMARK_UNUSABLE");
  expect((await database.query("select * from trips")).rows).toHaveLength(5);
});
