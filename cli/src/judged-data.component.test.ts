import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ArtifactStore, openArtifactStore } from "@cascade/artifacts";
import {
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetRejectedV1,
  DatasetValidatedV1,
  mediaTypes,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { connectBroker, createPublisher, MessagingSettings, noLog } from "@cascade/messaging";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { openTabular } from "@cascade/tabular";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakableService } from "./testing/breakable-service.ts";
import { runCli } from "./testing/run-cli.ts";

const stack = new AsyncDisposableStack();
let service: ServiceUnderTest;
let folder: string;
let store: ArtifactStore;
let rows: typeof DatasetValidatedV1.example.rows;

beforeAll(async () => {
  folder = stack.use(await temporaryDirectory()).path;
  const artifactsUrl = pathToFileURL(join(folder, "artifacts")).href;
  process.env.CASCADE_ARTIFACTS_URL = artifactsUrl;
  stack.defer(() => {
    delete process.env.CASCADE_ARTIFACTS_URL;
  });
  service = stack.use(await startForTest(breakableService(new Set(), folder)));
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 30_000,
    temporaryDirectory: folder,
  });
  const [all, aside] = [join(folder, "all.parquet"), join(folder, "aside.parquet")];
  await tabular.writeRows({
    rows: [
      { id: 1, note: "=1+1" },
      { id: -2, note: "=2+2" },
    ],
    columns: [
      { name: "id", type: "integer" },
      { name: "note", type: "string" },
    ],
    output: all,
  });
  await tabular.check({
    path: all,
    expectations: [{ kind: "range", column: "id", min: 0 }],
    quarantined: aside,
  });
  await tabular.close();
  store = openArtifactStore(artifactsUrl);
  rows = await store.putFile(aside, mediaTypes.parquet);
});
afterAll(() => stack.disposeAsync());

const cascade = (...words: string[]) => runCli(service.natsUrl, "quarantine", ...words);
/** Tells of rows in quarantine as validation would; returns the id that they have. */
const setAside = (pipeline: string) =>
  service.publish(
    DatasetValidatedV1.create(pipeline, {
      ...DatasetValidatedV1.example,
      datasetVersion: `version-of-${pipeline}`,
      quarantined: { rows, rowCount: 1 },
    }),
  );
const arrivalsOf = (pipeline: string) =>
  service
    .seen()
    .filter(({ envelope }) => envelope.type === DataArrivedV2.type && envelope.subject === pipeline);

test("rows that were set aside are listed, looked at, corrected and resubmitted, once", async () => {
  const id = await setAside("trips");
  expect((await cascade("list")).output).toContain(`${id}  open  trips  1 row(s)`);

  const file = join(folder, "aside.csv");
  const run = await cascade("export", id, "--to", file, "--guard-formulas");
  expect(run).toMatchObject({ exitCode: 0, output: expect.stringContaining("1 row(s) written to") });
  expect(run.output).toContain("1 cells with a '");
  expect(await readFile(file, "utf8")).toBe(
    `id,note,_reasons\n-2,'=2+2,"""id"" is out of range (at least 0)"\n`,
  );

  await writeFile(file, "id,note\n2,=2+2\n");
  const both = await Promise.all([
    cascade("resubmit", id, "--uri", file),
    cascade("resubmit", id, "--uri", file),
  ]);
  expect(both.map(({ exitCode, errors }) => [exitCode, errors])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  expect((await cascade("resubmit", id, "--uri", file)).output).toContain("Nothing is done again.");
  const arrived = await service.nextEvent(DataArrivedV2, ({ pipeline }) => pipeline === "trips");
  expect(arrived).toMatchObject({
    causationId: id,
    correlationId: id,
    data: { files: [{ uri: pathToFileURL(file).href, format: "csv" }], resubmits: "version-of-trips" },
  });
  expect(arrivalsOf("trips")).toHaveLength(1);
  expect((await cascade("list", "--pipeline", "trips")).output).toContain("Nothing is in quarantine.");
});

test("corrected rows that were refused may be corrected once more", async () => {
  const id = await setAside("refused");
  await cascade("resubmit", id, "--uri", "https://example.org/wrong.csv");
  const { id: arrival } = await service.nextEvent(DataArrivedV2, ({ pipeline }) => pipeline === "refused");
  // The service of this test rejects whatever is ingested.
  const connection = await connectBroker({ servers: service.natsUrl, name: "ingestion", log: noLog });
  const ingestion = createPublisher({
    connection,
    source: "/services/ingestion",
    settings: MessagingSettings.parse({}),
    now: () => new Date(),
    newId: randomUUID,
  });
  const ingested = DatasetIngestedV1.create("refused", DatasetIngestedV1.example);
  await ingestion.publish(ingested, { eventId: arrival, correlationId: id });
  await connection.close();
  await service.nextEvent(DatasetRejectedV1, ({ pipeline }) => pipeline === "refused");
  expect((await cascade("list", "--pipeline", "refused")).output).toMatch(
    /open .*\n {4}resubmitted .*: failed, /,
  );

  expect(await cascade("resubmit", id, "--uri", "https://example.org/right.csv")).toMatchObject({
    exitCode: 0,
  });
  await service.nextEvent(DataArrivedV2, ({ data }) => data.files[0]?.uri.endsWith("right.csv") === true);
  const run = await runCli(service.natsUrl, "--json", "quarantine", "list", "--all", "--pipeline", "refused");
  expect(run.json()).toMatchObject({
    quarantined: [{ id, resubmissions: [{ outcome: "failed" }, { outcome: "under way" }] }],
    more: 0,
  });

  // The rows of a version are sent again by its name.
  const { datasetVersion } = DatasetIngestedV1.example;
  const sent = await runCli(
    ...[service.natsUrl, "--json", "publish", "data-arrived", "refused", "--dataset"],
    datasetVersion.slice(0, 15),
  );
  const { correlationId } = sent.json() as { correlationId: string };
  const arrived = await service.nextEvent(DataArrivedV2, (event) => event.id === correlationId);
  expect(arrived.data.files).toEqual([{ uri: `urn:cascade:dataset:${datasetVersion}` }]);
});

test("expectations are suggested from the newest accepted batch", async () => {
  const column = {
    type: "integer",
    nulls: 0,
    nonFinite: 0,
    distinct: 2000,
    distinctExact: true,
    min: 1,
    max: 2000,
    topValues: [{ value: 1, count: 1 }],
  };
  const profile = { rowCount: 2000, columns: [{ ...column, name: "id" }] };
  const report = await store.putJson({ profile, results: [] });
  const validated = { ...DatasetValidatedV1.example, quarantined: undefined, report };
  const run = () => runCli(service.natsUrl, "expectations", "suggest", "suggested");
  expect((await run()).errors).toContain("There is no pipeline suggested. Run cascade apply");
  const { example } = PipelineAppliedV1;
  const data = { ...example.spec.data, columns: { ...example.spec.data.columns, id: "integer" as const } };
  await service.publish(
    PipelineAppliedV1.create("suggested", {
      ...example,
      spec: { ...example.spec, pipeline: "suggested", data },
    }),
  );
  expect((await run()).errors).toContain("No batch of suggested has been accepted yet.");
  await service.publish(DatasetValidatedV1.create("suggested", validated));
  // Corrected rows are no batch to learn from; this one's report does not even exist.
  await service.publish(
    DatasetValidatedV1.create("suggested", { ...DatasetValidatedV1.example, resubmits: "version" }),
  );
  expect(await run()).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(
      /^# From the 2,000 rows of .*: the newest one\.\n# .*\nvalidation:\n {2}expectations:\n {4}- column: "id"\n {6}required: true # no value is missing\n {2}unique: \["id"\] # UNSURE, nobody/,
    ),
  });
});

test("the data report is the page of the newest batch, accepted or rejected, or of one that is named", async () => {
  const told = async (text: string) => {
    const page = await store.putBytes(Buffer.from(text), mediaTypes.html);
    return store.putJson({ page, results: [] });
  };
  const to = join(folder, "report.html");
  const report = (...words: string[]) => runCli(service.natsUrl, "report", "reported", "--to", to, ...words);
  expect(await report()).toMatchObject({ exitCode: 1, errors: expect.stringContaining("has been judged") });
  const accepted = {
    ...DatasetValidatedV1.example,
    datasetVersion: "sha256:aa11",
    report: await told("accepted"),
  };
  await service.publish(DatasetValidatedV1.create("reported", accepted));
  const rejected = {
    ...DatasetRejectedV1.example,
    datasetVersion: "sha256:bb22",
    report: await told("rejected"),
  };
  await service.publish(DatasetRejectedV1.create("reported", rejected));
  expect((await report()).output).toContain("The report on sha256:bb22, rejected ");
  expect(await readFile(to, "utf8")).toBe("rejected");
  expect((await report("--dataset", "aa")).exitCode).toBe(0);
  expect(await readFile(to, "utf8")).toBe("accepted");
});

test("what cannot be done ends with its code and says why", async () => {
  const wrong = [
    { words: ["export", "no-such-id", "--to", "x.csv"], exitCode: 1, says: "is called no-such-id" },
    { words: ["resubmit", "no-such-id", "--uri", "x.csv"], exitCode: 1, says: "is called no-such-id" },
    { words: ["export", "no-such-id", "--to", "x.xlsx"], exitCode: 2, says: "let its name end in .csv" },
    { words: ["list", "--limit", "0"], exitCode: 2, says: "whole number from 1 to 10000" },
  ];
  const runs = await Promise.all(wrong.map(({ words }) => cascade(...words)));
  expect(runs.map(({ exitCode, errors }, at) => [exitCode, errors.includes(wrong[at]?.says ?? "")])).toEqual(
    wrong.map(({ exitCode }) => [exitCode, true]),
  );
});
