import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { openArtifactStore } from "@cascade/artifacts";
import {
  DataArrivedV1,
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetRejectedV1,
  DatasetUnchangedV1,
  FeedbackCollectedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { openTabular } from "@cascade/tabular";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "./service.ts";
import { appliedPipeline } from "./testing/test-pipeline.ts";

const stack = new AsyncDisposableStack();
let ingestion: ServiceUnderTest;
let folder: string;
let artifacts: string;

beforeAll(async () => {
  const directory = stack.use(await temporaryDirectory());
  folder = join(directory.path, "data");
  artifacts = pathToFileURL(join(directory.path, "artifacts")).href;
  await mkdir(folder);
  ingestion = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: artifacts,
      CASCADE_WORK_DIRECTORY: join(directory.path, "work"),
      CASCADE_INGEST_ALLOW_PRIVATE_HOSTS: "true",
      CASCADE_RETRY_BASE_MS: "10",
    }),
  );
  await ingestion.publish(PipelineAppliedV1.create("trips", appliedPipeline()));
});
afterAll(() => stack.disposeAsync());

/** The rows of a stored table, read by the same engine. */
async function readRows(path: string) {
  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 30_000,
    temporaryDirectory: folder,
  });
  try {
    return await tabular.readRows({ path, limit: 10 });
  } finally {
    await tabular.close();
  }
}

/** Publishes an arrival and waits for what it leads to. */
async function arrive(files: { uri: string; format?: "csv"; digest?: string }[], pipeline = "trips") {
  const id = await ingestion.publish(DataArrivedV2.create(pipeline, { files }));
  const caused = ({ correlationId }: { correlationId: string }) => correlationId === id;
  return {
    id,
    ingested: () => ingestion.nextEvent(DatasetIngestedV1, caused),
    unchanged: () => ingestion.nextEvent(DatasetUnchangedV1, caused),
    problem: async () => (await ingestion.nextEvent(DatasetIngestionFailedV1, caused)).data.problem,
  };
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("files of different formats become one dataset version with the declared types", async () => {
  const csv = await file("a.csv", "at,city,tip,note\n2026-01-01T10:00:00Z,Oslo,3,x\n");
  const json = await file("b.jsonl", '{"at":"2026-01-02T10:00:00Z","city":"Rome","tip":2.5}\n');
  const { ingested } = await arrive([{ uri: csv }, { uri: pathToFileURL(json).href }]);
  const { data } = await ingested();
  expect(data).toMatchObject({
    rowCount: 2,
    columns: [
      { name: "at", type: "timestamp" },
      { name: "city", type: "string" },
      { name: "tip", type: "number" },
      { name: "note", type: "string" },
    ],
    files: [{ uri: csv }, { uri: pathToFileURL(json).href }],
  });
  expect(data.datasetVersion).toBe(data.rows.digest);
  expect(await openArtifactStore(artifacts).has(data.rows.digest)).toBe(true);
});

test("packed files are unpacked; a JSON list and a semicolon are no surprise", async () => {
  const rows = "at;tip;city\n2026-01-03T10:00:00Z;4;Ulm\n";
  const packed = join(folder, "c.csv.gz");
  await writeFile(packed, gzipSync(rows));
  const list = join(folder, "d.json.zst");
  await writeFile(list, zstdCompressSync('[{"at":"2026-01-04","city":"Rome","tip":2.5}]'));
  const { data } = await (await arrive([{ uri: packed }, { uri: list }])).ingested();
  expect(data).toMatchObject({ rowCount: 2, files: [{ sizeBytes: gzipSync(rows).length }, {}] });
  expect(data.columns.map(({ name }) => name)).toEqual(["at", "city", "tip"]);
});

test("how a CSV file is written is what the pipeline declares, whatever it looks like", async () => {
  const data = { csv: { delimiter: "|", header: false, encoding: "windows-1252", nullValues: ["-"] } };
  const applied = appliedPipeline({ data });
  const spec = { ...applied.spec, pipeline: "declared" };
  await ingestion.publish(PipelineAppliedV1.create("declared", { ...applied, spec }));
  const path = join(folder, "declared.csv");
  await writeFile(path, Buffer.from("2026-01-03|K\xf6ln|-\n", "latin1"));
  const { rows } = (await (await arrive([{ uri: path }], "declared")).ingested()).data;
  const stored = await openArtifactStore(artifacts).fetchToFile(rows, folder);
  expect(await readRows(stored)).toEqual([{ at: "2026-01-03T00:00:00.000Z", city: "Köln", tip: null }]);
});

test("rows that are resubmitted keep the link to where they came from", async () => {
  const uri = await file("fixed.csv", "at,city,tip\n2026-01-03,Rome,1\n");
  const id = await ingestion.publish(
    DataArrivedV2.create("trips", { files: [{ uri }], resubmits: "sha256:1\0" }),
  );
  const { data } = await ingestion.nextEvent(DatasetIngestedV1, (event) => event.correlationId === id);
  expect(data.resubmits).toBe("sha256:1\uFFFD");
});

test("the first version of the event is understood", async () => {
  const uri = await file("v1.csv", "at,city,tip\n2026-01-01,Lima,1\n");
  const id = await ingestion.publish(DataArrivedV1.create("trips", { uri }));
  const { data } = await ingestion.nextEvent(DatasetIngestedV1, (event) => event.correlationId === id);
  expect(data.rowCount).toBe(1);
});

test("the same rows again are reported as unchanged, until the pipeline demands something else", async () => {
  const path = await file("same.csv", "at,city,tip\n2026-02-01,Bern,1\n");
  const first = await arrive([{ uri: path }]);
  const { datasetVersion } = (await first.ingested()).data;
  const second = await arrive([{ uri: path }]);
  expect((await second.unchanged()).data).toEqual({
    datasetVersion,
    ingestedBy: first.id,
    files: [{ uri: path }],
  });
  await ingestion.restart();
  expect((await (await arrive([{ uri: path }])).unchanged()).data.ingestedBy).toBe(first.id);

  const changed = appliedPipeline({ version: 2, validation: { rowCount: { min: 1 } } });
  await ingestion.publish(PipelineAppliedV1.create("trips", changed));
  await ingestion.publish(PipelineAppliedV1.create("trips", appliedPipeline({ version: 1 })));
  await expect
    .poll(
      async () => {
        const again = await arrive([{ uri: path }]);
        return Promise.race([
          again.ingested().then(() => "ingested"),
          again.unchanged().then(() => "unchanged"),
        ]);
      },
      { timeout: 20_000 },
    )
    .toBe("ingested");
});

test("what changes from batch to batch is accepted or refused as the pipeline declares; late batches are versions", async () => {
  const data = { schemaChanges: { addedColumn: "refuse" } };
  const applied = appliedPipeline({ data });
  const spec = { ...applied.spec, pipeline: "steady" };
  await ingestion.publish(PipelineAppliedV1.create("steady", { ...applied, spec }));
  const batch = async (name: string, text: string) => arrive([{ uri: await file(name, text) }], "steady");

  const first = await (await batch("s1.csv", "at,city,tip,seat\n2026-02-01,Oslo,1,7\n")).ingested();
  const added = await batch("s2.csv", "at,city,tip,seat,more\n2026-02-02,Oslo,1,7,x\n");
  expect(await added.problem()).toMatchObject({
    code: "SCHEMA_CHANGED",
    message: expect.stringContaining('"more" is new'),
    whatToDo: expect.stringContaining("data.schemaChanges"),
  });
  const removed = await batch("s3.csv", "at,city,tip\n2026-02-02,Oslo,1\n");
  expect((await removed.problem()).message).toContain('"seat" is missing');
  // A wider type is accepted, an older batch is a version of its own, and keeps the type that the column has by now.
  const widened = await (await batch("s4.csv", "at,city,tip,seat\n2026-02-03,Oslo,1,7b\n")).ingested();
  const late = await (await batch("s5.csv", "at,city,tip,seat\n2026-01-01,Oslo,1,8\n")).ingested();
  for (const { data: made } of [widened, late]) {
    expect(made.columns).toContainEqual({ name: "seat", type: "string" });
  }
  // The same bytes again are the version that they were, whatever has changed since.
  const again = await batch("s1-again.csv", "at,city,tip,seat\n2026-02-01,Oslo,1,7\n");
  expect((await again.unchanged()).data.datasetVersion).toBe(first.data.datasetVersion);
});

test("a batch that was rejected is taken in again when it is sent again, and later ones need not have its columns", async () => {
  const applied = appliedPipeline({ data: { schemaChanges: {} } });
  const spec = { ...applied.spec, pipeline: "second-chance" };
  await ingestion.publish(PipelineAppliedV1.create("second-chance", { ...applied, spec }));
  const path = await file("r1.csv", "at,city,tip,wrong\n2026-02-01,Oslo,1,7\n");
  const send = (uri: string) => arrive([{ uri }], "second-chance");
  const { datasetVersion } = (await (await send(path)).ingested()).data;
  await ingestion.publish(
    DatasetRejectedV1.create("second-chance", {
      datasetVersion,
      violations: [{ expectation: "found in another pipeline", message: "There are no rows of it yet." }],
      whatToDo: "Send the rows of the other pipeline first.",
    }),
  );
  const right = await file("r2.csv", "at,city,tip\n2026-02-02,Oslo,1\n");
  // Until the event has come, the column "wrong" is missing.
  await expect
    .poll(
      async () => {
        const sent = await send(right);
        return Promise.race([
          sent.ingested().then(() => "ingested"),
          sent.problem().then(({ code }) => code),
        ]);
      },
      { timeout: 20_000 },
    )
    .toBe("ingested");
  // It has that column again, which may be added. Its rows are kept, wherever they came from, for their pipeline alone.
  const kept = `urn:cascade:dataset:${datasetVersion}`;
  expect(await (await arrive([{ uri: kept }])).problem()).toMatchObject({ code: "DATASET_UNKNOWN" });
  expect((await (await send(kept)).ingested()).data).toMatchObject({
    datasetVersion,
    files: [{ uri: kept }],
  });
  expect((await (await send(path)).unchanged()).data.datasetVersion).toBe(datasetVersion);
});

test("rows that come back from quarantine are read as they were exported, and their reasons are no column of the data", async () => {
  const data = {
    csv: { delimiter: ";", encoding: "windows-1252" },
    schemaChanges: { addedColumn: "refuse" },
  };
  const applied = appliedPipeline({ data });
  const spec = { ...applied.spec, pipeline: "semicolons" };
  await ingestion.publish(PipelineAppliedV1.create("semicolons", { ...applied, spec }));
  const send = async (name: string, text: string, resubmits?: string) => {
    const files = [{ uri: await file(name, text) }];
    const sent = { files, ...(resubmits === undefined ? {} : { resubmits }) };
    const id = await ingestion.publish(DataArrivedV2.create("semicolons", sent));
    return (await ingestion.nextEvent(DatasetIngestedV1, (event) => event.correlationId === id)).data;
  };
  const first = await send("q1.csv", "at;city;tip\n2026-02-01;Oslo;1\n");
  const exported = 'at,city,tip,_reasons\n2026-02-01,Malmö,1,"""tip"" is missing; and more"\n';
  expect((await send("q2.csv", exported, first.datasetVersion)).columns.map(({ name }) => name)).toEqual([
    "at",
    "city",
    "tip",
    "_reasons",
  ]);
  // What was not exported is read as the pipeline says, and needs no column of reasons.
  expect((await send("q3.csv", "at;city;tip\n2026-02-01;Rome;1\n", first.datasetVersion)).rowCount).toBe(1);
  expect((await send("q4.csv", "at;city;tip\n2026-02-03;Rome;1\n")).rowCount).toBe(1);
  const commas = await file("q5.csv", "at,city,tip\n2026-02-04,Rome,1\n");
  expect(await (await arrive([{ uri: commas }], "semicolons")).problem()).toMatchObject({
    code: "DELIMITER_WRONG",
    message: expect.stringContaining('at ";", as data.csv.delimiter says; they seem to be separated by ","'),
  });
});

test("labelled predictions are another batch", async () => {
  const uri = await file("f.csv", "at,city,tip\n2026-03-01,Kyiv,9\n");
  const { rows, rowCount } = (await (await arrive([{ uri }])).ingested()).data;
  await ingestion.publish(
    PipelineAppliedV1.create("feedback", {
      ...appliedPipeline(),
      spec: { ...appliedPipeline().spec, pipeline: "feedback" },
    }),
  );
  const id = await ingestion.publish(
    FeedbackCollectedV1.create("feedback", { batchId: "b1", rows, rowCount }),
  );
  const { data } = await ingestion.nextEvent(DatasetIngestedV1, (event) => event.causationId === id);
  expect(data).toMatchObject({ rowCount: 1, files: [{ uri: "urn:cascade:feedback:b1" }] });
});

test("a batch without the label is taken in, so that validation can say what is wrong with it", async () => {
  const uri = await file("nolabel.csv", "at,city\n2026-03-01,Kyiv\n");
  const { data } = await (await arrive([{ uri }])).ingested();
  expect(data.columns.map(({ name }) => name)).toEqual(["at", "city"]);
});

test("an arrival for a pipeline that nobody applied fails with advice", async () => {
  const uri = await file("u.csv", "a\n1\n");
  const problem = await (await arrive([{ uri }], "nobody")).problem();
  expect(problem).toMatchObject({
    code: "PIPELINE_UNKNOWN",
    whatToDo: expect.stringContaining("cascade apply"),
  });
});

test("a value that is not of its type is named with row and column", async () => {
  const uri = await file("bad.csv", "at,city,tip\n2026-03-01,Kyiv,1\n2026-03-01,Kyiv,much\n");
  const problem = await (await arrive([{ uri }])).problem();
  expect(problem.code).toBe("VALUE_NOT_OF_TYPE");
  expect(problem.message).toBe('Row 2 has "much" in column "tip", which is not of type number.');
});

test("a CSV file that cannot be read is named by the sender's address", async () => {
  const uri = await file("ragged.csv", "at,city,tip\n2026-03-01,Kyiv,1\n2026-03-01,Kyiv,1,2,3\n");
  expect((await (await arrive([{ uri }])).problem()).code).toBe("CSV_UNREADABLE");
  const empty = await file("empty.csv", "");
  expect(await (await arrive([{ uri: empty }])).problem()).toMatchObject({
    code: "FILE_EMPTY",
    message: expect.stringContaining(empty),
  });
});

test.each([
  ["NO_ROWS", "at,city,tip\n", "only-header.csv"],
  ["NO_ROWS", " [ ]\n", "nothing.json"],
  ["COLUMN_DUPLICATE", "at,city,tip,tip\n2026-03-01,Kyiv,1,2\n", "twice.csv"],
  ["TOO_MANY_COLUMNS", `${Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(",")}\n`, "broad.csv"],
  ["PARQUET_UNREADABLE", "PAR1 and nothing more", "cut.parquet"],
  ["COMPRESSION_UNREADABLE", gzipSync("at,city,tip\n2026-03-01,Kyiv,1\n").subarray(0, 30), "cut.csv.gz"],
  [
    "CSV_UNREADABLE",
    Buffer.from("at,city,tip\n2026-03-01,K\xf6ln,1\n2026-03-01,K\xc3\xb6ln,1\n", "latin1"),
    "mixed.csv",
  ],
])("%s is what a batch fails with, and how to go on", async (code, content, name) => {
  const path = join(folder, name);
  await writeFile(path, content);
  const problem = await (await arrive([{ uri: path }])).problem();
  expect(problem).toMatchObject({ code, whatToDo: expect.stringMatching(/\w{3}/) });
});

test("missing, linked, foreign and unnamed files are refused", async () => {
  const uri = await file("real.csv", "at,city,tip\n2026-03-01,Kyiv,1\n");
  await symlink(uri, join(folder, "link.csv"));
  const codes: string[] = [];
  for (const bad of [
    join(folder, "none.csv"),
    join(folder, "link.csv"),
    "/dev/zero.csv",
    folder,
    "ftp://example.org/a.csv",
    "relative.csv",
    await file("unnamed", "a\n1\n"),
  ]) {
    codes.push((await (await arrive([{ uri: bad }])).problem()).code);
  }
  expect(codes).toEqual([
    "FILE_MISSING",
    "URI_REFUSED",
    "FILE_MISSING",
    "FORMAT_UNKNOWN",
    "URI_REFUSED",
    "URI_REFUSED",
    "FORMAT_UNKNOWN",
  ]);
  const device = await arrive([{ uri: "/dev/zero", format: "csv" }]);
  expect((await device.problem()).code).toBe("URI_REFUSED");
});

test("a file with another digest than announced is not used", async () => {
  const uri = await file("digest.csv", "at,city,tip\n2026-03-01,Kyiv,1\n");
  const { problem } = await arrive([{ uri, digest: `sha256:${"0".repeat(64)}` }]);
  expect((await problem()).code).toBe("DIGEST_MISMATCH");
});

test("a file is fetched over HTTP; a host that fails is asked again", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked < 3) response.writeHead(503).end();
    else response.end("at,city,tip\n2026-05-01,Nice,1\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { data } = await (await arrive([{ uri: `http://127.0.0.1:${port}/nice.csv` }])).ingested();
    expect(data.rowCount).toBe(1);
    expect(asked).toBe(3);
  } finally {
    server.close();
  }
});

test("nothing is left in the work directory but the folder of the running process", async () => {
  const uri = await file("last.csv", "at,city,tip\n2026-06-01,Nice,1\n");
  await (await arrive([{ uri }])).ingested();
  await expect.poll(() => readdir(join(folder, "..", "work"))).toHaveLength(1);
});
