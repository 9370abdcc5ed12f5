import { execFile } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  DataArrivedV2,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  PipelineAppliedV1,
  PipelineSpec,
} from "@cascade/contracts";
import { startForTest } from "@cascade/service-kit/testing";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { importService } from "../import-service.ts";
import { hostileUris } from "./hostile-uris.ts";

const spec = PipelineSpec.parse({
  pipeline: "trips",
  data: { columns: { city: "string", tip: "number" }, label: "tip" },
  features: { view: "trips", columns: { city: "city" } },
  training: { task: "regression" },
});

/** Everything that a path may lead to, in and beside the folder that may be read. */
async function layTraps(folder: string) {
  const inside = join(folder, "inside");
  const outside = join(folder, "outside");
  for (const path of [inside, outside, `${inside}-not`, join(inside, "folder.csv")]) await mkdir(path);
  await writeFile(join(inside, "good.csv"), "city,tip\nOslo,1\n");
  await writeFile(join(inside, "empty.csv"), "");
  await writeFile(join(outside, "secret.csv"), "city,tip\nsecret,1\n");
  await writeFile(join(`${inside}-not`, "secret.csv"), "city,tip\nsecret,1\n");
  await symlink(join(outside, "secret.csv"), join(inside, "link.csv"));
  await symlink(join(inside, "nothing.csv"), join(inside, "dangling.csv"));
  await symlink(join(inside, "loop.csv"), join(inside, "loop.csv"));
  await symlink(outside, join(inside, "linked"));
  await link(join(outside, "secret.csv"), join(inside, "hard.csv"));
  await promisify(execFile)("mkfifo", [join(inside, "pipe.csv")]);
  return { inside, outside };
}

test("no hostile address is read, nobody inside is asked, and a good file among them is taken in", async () => {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryDirectory());
  const { inside, outside } = await layTraps(path);
  const unixSocket = createServer().listen(join(inside, "socket.csv"));
  stack.defer(() => void unixSocket.close());
  let asked = 0;
  const host = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0);
  stack.defer(() => void host.close());
  await once(host, "listening");
  const address = host.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const ingestion = stack.use(
    await startForTest(await importService("ingestion"), {
      CASCADE_ARTIFACTS_URL: pathToFileURL(join(path, "artifacts")).href,
      CASCADE_WORK_DIRECTORY: join(path, "work"),
      CASCADE_INGEST_ROOTS: inside,
      CASCADE_RETRY_BASE_MS: "10",
    }),
  );
  await ingestion.publish(
    PipelineAppliedV1.create("trips", { version: 1, spec, digest: "1", modelChanged: true, by: "test" }),
  );
  const announce = async (uri: string) => {
    const placed = uri
      .replaceAll("{inside}", inside)
      .replaceAll("{outside}", outside)
      .replaceAll("{port}", String(port));
    return ingestion.publish(DataArrivedV2.create("trips", { files: [{ uri: placed, format: "csv" }] }));
  };
  const wanted = new Map<string, string>();
  for (const { name, input, wanted: code } of hostileUris)
    wanted.set(await announce(input), `${name}: ${code}`);
  wanted.set(await announce("{inside}/good.csv"), "a good file: taken in");
  const names = new Map([...wanted].map(([id, text]) => [id, text.slice(0, text.lastIndexOf(": "))]));

  const outcomes = await eventually(
    () => {
      const found = new Map<string, string>();
      for (const { envelope, data } of ingestion.seen()) {
        const name = names.get(envelope.correlationid ?? "");
        if (name === undefined) continue;
        if (envelope.type === DatasetIngestedV1.type)
          found.set(envelope.correlationid ?? "", `${name}: taken in`);
        if (envelope.type !== DatasetIngestionFailedV1.type) continue;
        const { problem } = DatasetIngestionFailedV1.schema.parse(data);
        found.set(envelope.correlationid ?? "", `${name}: ${problem.code}`);
      }
      const missing = [...names].flatMap(([id, name]) => (found.has(id) ? [] : [name]));
      if (missing.length > 0) throw new Error(`nothing is known of: ${missing.join("; ")}`);
      return found;
    },
    { describe: "an outcome of each address", timeoutMs: 40_000 },
  );
  expect([...outcomes.values()].sort()).toEqual([...wanted.values()].sort());
  expect(asked).toBe(0);
  expect(await ingestion.running.problems()).toEqual([]);
});
