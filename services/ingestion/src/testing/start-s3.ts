import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";
import { eventually } from "@cascade/testing";
import { AwsClient } from "aws4fetch";

export const s3Keys = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" } as const;

export interface S3ForTest extends AsyncDisposable {
  readonly endpoint: string;
  put(bucket: string, key: string, content: string | Uint8Array): Promise<void>;
}

/**
 * A real S3 server with its data in a folder. Where VERSITYGW names the program of that name, it is that one, which
 * is written in Go and used in production; else one from npm that needs nothing.
 */
export async function startS3(folder: string, buckets: readonly string[]): Promise<S3ForTest> {
  const program = process.env.VERSITYGW;
  const started = program === undefined ? await startS3rver(folder) : await startVersitygw(program, folder);
  const { endpoint } = started;
  const client = new AwsClient({ ...s3Keys, service: "s3", region: "us-east-1" });
  const send = async (path: string, body?: string | Uint8Array<ArrayBuffer>) => {
    const answer = await client.fetch(`${endpoint}/${path}`, {
      method: "PUT",
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
  };
  for (const bucket of buckets) await send(bucket);
  return {
    endpoint,
    put: (bucket, key, content) =>
      send(
        `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
        typeof content === "string" ? content : new Uint8Array(content),
      ),
    [Symbol.asyncDispose]: started.stop,
  };
}

async function startS3rver(directory: string) {
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    directory,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [],
  });
  const { port } = await server.run();
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

async function startVersitygw(program: string, folder: string) {
  const port = await freePort();
  const [data, sidecar] = [join(folder, "data"), join(folder, "sidecar")];
  await mkdir(data, { recursive: true });
  await mkdir(sidecar, { recursive: true });
  const child = spawn(
    program,
    [
      ...["--port", `127.0.0.1:${port}`, "--access", s3Keys.accessKeyId, "--secret", s3Keys.secretAccessKey],
      ...["--quiet", "posix", "--sidecar", sidecar, data],
    ],
    { stdio: "ignore" },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(endpoint)).status, { describe: "the S3 server to answer" });
  return {
    endpoint,
    stop: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}
