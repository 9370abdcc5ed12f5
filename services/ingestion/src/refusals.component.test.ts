import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  PipelineAppliedV1,
} from "@cascade/contracts";
import { type ServiceUnderTest, startForTest } from "@cascade/service-kit/testing";
import { temporaryDirectory } from "@cascade/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "./service.ts";
import { appliedPipeline } from "./testing/test-pipeline.ts";

const stack = new AsyncDisposableStack();
let ingestion: ServiceUnderTest;
let folder: string;

beforeAll(async () => {
  const { path } = stack.use(await temporaryDirectory());
  folder = join(path, "data");
  await mkdir(folder);
  ingestion = stack.use(
    await startForTest(service, {
      CASCADE_ARTIFACTS_URL: pathToFileURL(join(path, "artifacts")).href,
      CASCADE_WORK_DIRECTORY: join(path, "work"),
      CASCADE_RETRY_BASE_MS: "10",
    }),
  );
  await ingestion.publish(PipelineAppliedV1.create("trips", appliedPipeline()));
});
afterAll(() => stack.disposeAsync());

type Files = { uri: string; format?: "csv" }[];

async function refusal(files: Files, options: { batch?: string; pipeline?: string } = {}) {
  const { pipeline = "trips", ...named } = options;
  const id = await ingestion.publish(DataArrivedV2.create(pipeline, { files, ...named }));
  const { data } = await ingestion.nextEvent(
    DatasetIngestionFailedV1,
    ({ correlationId }) => correlationId === id,
    20_000,
  );
  return data;
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("an address that no database can keep is refused, not set aside as a dead letter", async () => {
  const { problem, files } = await refusal([{ uri: "/data/a\u0000.csv" }]);
  expect(problem.code).toBe("URI_REFUSED");
  expect(files).toEqual([{ uri: "/data/a\uFFFD.csv" }]);
});

test("a batch whose name no database can keep is taken in under a name that it can", async () => {
  const uri = await file("named.csv", "at,city,tip\n2026-01-01,Oslo,1\n");
  const id = await ingestion.publish(DataArrivedV2.create("trips", { files: [{ uri }], batch: "a\u0000b" }));
  const { data } = await ingestion.nextEvent(
    DatasetIngestedV1,
    (event) => event.correlationId === id,
    20_000,
  );
  expect(data.batch).toBe("a\uFFFDb");
});

test("a password in an address is not told to everybody who reads the refusal", async () => {
  const told = await refusal([{ uri: "https://ada:hunter2@example.org/a.csv" }]);
  expect(told.problem.code).toBe("URI_REFUSED");
  expect(JSON.stringify(told)).not.toContain("hunter2");
});

test("what the system says of its processes is no data", async () => {
  const { problem } = await refusal([{ uri: "/proc/self/environ", format: "csv" }]);
  expect(problem.code).toBe("URI_REFUSED");
});

test("columns whose names do not fit into an event are refused with advice", async () => {
  // Each of these characters is six in JSON.
  const names = Array.from({ length: 400 }, (_, index) => "\u0001".repeat(120) + index);
  const uri = await file("wide.csv", `${names.join(",")}\n${names.map(() => 1).join(",")}\n`);
  expect((await refusal([{ uri }])).problem.code).toBe("DESCRIPTION_TOO_LARGE");
});

test("a file of blanks and line breaks alone has no rows", async () => {
  const uri = await file("blank.csv", "\n\r\n \n");
  expect((await refusal([{ uri }])).problem.code).toBe("NO_ROWS");
});

test("of several files the one that cannot be read is named, with the line", async () => {
  const good = await file("good.csv", "at,city,tip\n2026-01-01,Oslo,1\n");
  const ragged = await file("ragged.csv", "at,city,tip\n2026-01-01,Oslo,1\n2026-01-02,Oslo,1,2,3\n");
  const { problem } = await refusal([{ uri: good }, { uri: ragged }]);
  expect(problem.code).toBe("CSV_UNREADABLE");
  expect(problem.message).toContain(ragged);
  expect(problem.message).toContain("line 3");
  expect(problem.message).not.toContain(good);
});

test("a host of one's own network is refused unless it is allowed, and is not asked", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end("at,city,tip\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"]) {
      expect((await refusal([{ uri: `http://${host}:${port}/a.csv` }])).problem.code).toBe("URI_REFUSED");
    }
    expect(asked).toBe(0);
  } finally {
    server.close();
  }
});
